//! The catalogue that the rows refer to: read once, from the database that is seeded, in the order of its keys.

use std::collections::HashMap;

use tokio_postgres::{Client, Row};

use crate::Error;
use crate::copy::hash;
use crate::rng::Rng;
use crate::sample::Weighted;
use crate::words::{self, Gender, Noun, Place};

/// What is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole car.
    Car,
    /// A part of one.
    Part,
    /// Work on one.
    Service,
}

impl Kind {
    /// As the database says it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Part => "part",
            Self::Service => "service",
        }
    }
}

/// An extra field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// `text`, `integer`, `number`, `boolean` or `choice`.
    pub kind: String,
    /// Whether nothing is published without it.
    pub required: bool,
    /// The least and the most that is allowed.
    pub bounds: (f64, f64),
    /// The allowed values of a choice.
    pub choices: Vec<String>,
}

/// A subcategory.
#[derive(Debug, Clone)]
pub struct Subcategory {
    /// Which kind.
    pub kind: Kind,
    /// The category above it.
    pub category_id: i64,
    /// Its number.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Days until a listing of it expires.
    pub days: i64,
    /// Its extra fields.
    pub fields: Vec<Field>,
}

/// A generation of a model.
#[derive(Debug, Clone)]
pub struct Vehicle {
    /// The number of the generation.
    pub id: i64,
    /// The model and the make.
    pub model_id: i64,
    /// The make.
    pub make_id: i64,
    /// Make and model in Latin letters and in Russian, and the generation.
    pub en: String,
    /// In Russian.
    pub ru: String,
    /// The generation.
    pub generation: String,
    /// The years in which it was made.
    pub years: (i32, i32),
    /// The body that most have.
    pub body: String,
    /// The number and slug of the brand that its maker's own parts carry, if there is one.
    pub brand: Option<usize>,
}

/// A brand of parts.
#[derive(Debug, Clone)]
pub struct Brand {
    /// Its number.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// An engine.
#[derive(Debug, Clone)]
pub struct Engine {
    /// Its number.
    pub id: i64,
    /// The maker's code.
    pub code: String,
    /// Cubic centimetres, if it burns anything.
    pub cc: Option<i32>,
    /// What it runs on.
    pub fuel: String,
    /// Kilowatts.
    pub kw: i32,
}

/// A number of the cross references, with what it is.
#[derive(Debug, Clone)]
pub struct Known {
    /// Whose number it is.
    pub brand: usize,
    /// As the catalogue writes it.
    pub number: String,
    /// What it is: numbers that stand for each other are the same thing.
    pub noun: usize,
    /// One number for all that stand for each other.
    pub group: u64,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Subcategories.
    pub subcategories: Vec<Subcategory>,
    /// What parts are called, each with the place of its subcategory.
    pub nouns: Vec<(Noun, usize)>,
    /// How often each is met.
    pub noun_weights: Weighted,
    /// Who makes the things of a subcategory, by its slug; a place in `brands`.
    pub makers: HashMap<String, Vec<usize>>,
    /// Vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Brands of parts.
    pub brands: Vec<Brand>,
    /// How each brand writes its numbers; a place in `brands`.
    pub patterns: Vec<Vec<&'static str>>,
    /// Numbers of the cross references.
    pub known: Vec<Known>,
    /// Towns: number and slug.
    pub places: Vec<(i64, String)>,
    /// How many people live in each.
    pub place_weights: Weighted,
    /// Engines by make.
    pub engines: HashMap<i64, Vec<Engine>>,
    /// The first three characters of VINs by make.
    pub wmis: HashMap<i64, Vec<String>>,
    /// Ready reasons for a rejection.
    pub reasons: Vec<String>,
    /// Topics that a person may switch off.
    pub topics: Vec<String>,
    /// A number for all of it: other catalogues make other rows.
    pub fingerprint: u64,
}

/// Whose name stands on the parts of a make that does not sell them under its own.
const OWNERS: [(&str, &str); 9] = [
    ("volkswagen", "vag"),
    ("audi", "vag"),
    ("skoda", "vag"),
    ("seat", "vag"),
    ("hyundai", "hyundai-kia"),
    ("kia", "hyundai-kia"),
    ("lexus", "toyota"),
    ("infiniti", "nissan"),
    ("dacia", "renault"),
];

impl Catalogue {
    /// Reads it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(client: &Client) -> Result<Self, Error> {
        let mut made = Self::default();
        let mut seal = Seal(0);
        made.read_subcategories(client, &mut seal).await?;
        made.read_brands(client, &mut seal).await?;
        made.read_vehicles(client, &mut seal).await?;
        made.read_known(client, &mut seal).await?;
        made.read_places(client, &mut seal).await?;
        made.read_rest(client, &mut seal).await?;
        made.fingerprint = seal.0;
        Ok(made)
    }

    async fn read_subcategories(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select c.kind, c.parent_id, c.id, c.slug, c.name_ru, c.name_en,
                     coalesce(s.days, t.days, (
                         select (g.value #>> '{}')::integer from ops_data.settings as g
                         where g.key = 'listing.lifetime_days')) as days
                 from catalog_data.categories as c
                 left join market_data.listing_lifetimes as s on s.category_id = c.id
                 left join market_data.listing_lifetimes as t on t.category_id = c.parent_id
                 where c.parent_id is not null and c.archived_at is null
                 order by c.id",
                &[],
            )
            .await?;
        let mut spare = Vec::new();
        for row in &rows {
            let kind = match row.get(0) {
                "car" => Kind::Car,
                "part" => Kind::Part,
                _ => Kind::Service,
            };
            let slug: String = row.get(3);
            seal.add(&slug);
            let (ru, en): (String, String) = (row.get(4), row.get(5));
            spare.push((ru.to_lowercase(), en.to_lowercase()));
            self.subcategories.push(Subcategory {
                kind,
                category_id: row.get(1),
                id: row.get(2),
                slug,
                days: i64::from(row.get::<_, i32>(6)),
                fields: Vec::new(),
            });
        }
        self.read_fields(client, seal).await?;
        let nouns = words::nouns();
        for (place, (subcategory, (ru, en))) in self.subcategories.iter().zip(spare).enumerate() {
            let mut of_it: Vec<_> = nouns
                .iter()
                .filter(|noun| noun.slug == subcategory.slug && subcategory.kind == Kind::Part)
                .map(|noun| (noun.clone(), place))
                .collect();
            if of_it.is_empty() {
                of_it.push((
                    Noun {
                        slug: subcategory.slug.clone(),
                        weight: 4,
                        gender: Gender::They,
                        ru,
                        en,
                        price: 3500.0,
                        place: Place::Nowhere,
                    },
                    place,
                ));
            }
            self.nouns.extend(of_it);
        }
        self.noun_weights = Weighted::new(self.nouns.iter().map(|(noun, place)| {
            let is_part = self
                .subcategories
                .get(*place)
                .is_some_and(|s| s.kind == Kind::Part);
            if is_part { noun.weight } else { 0 }
        }));
        Ok(())
    }

    async fn read_fields(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select c.id, d.key, d.type, d.required, d.minimum::float8, d.maximum::float8,
                     array(
                         select o.value from catalog_data.attribute_choices as o
                         where o.definition_id = d.id order by o.ordinal, o.value)
                 from catalog_data.categories as c
                 cross join lateral catalog.attribute_effective(c.kind, c.id) as e
                 join catalog_data.attribute_definitions as d on d.id = e.id
                 where c.parent_id is not null and c.archived_at is null
                 order by c.id, d.ordinal, d.key",
                &[],
            )
            .await?;
        let mut by_id: HashMap<i64, Vec<Field>> = HashMap::new();
        for row in &rows {
            let key: String = row.get(1);
            seal.add(&key);
            by_id.entry(row.get(0)).or_default().push(Field {
                key,
                kind: row.get(2),
                required: row.get(3),
                bounds: (
                    row.get::<_, Option<f64>>(4).unwrap_or(1.0),
                    row.get::<_, Option<f64>>(5).unwrap_or(1000.0),
                ),
                choices: row.get(6),
            });
        }
        for subcategory in &mut self.subcategories {
            subcategory.fields = by_id.remove(&subcategory.id).unwrap_or_default();
        }
        Ok(())
    }

    async fn read_brands(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select b.id, b.slug, b.name from catalog_data.brands as b
                 where b.kind in ('part', 'both') order by b.id",
                &[],
            )
            .await?;
        self.brands = rows
            .iter()
            .map(|row| Brand {
                id: row.get(0),
                slug: row.get(1),
                name: row.get(2),
            })
            .collect();
        let patterns = words::numbers();
        let of = |slug: &str| {
            let own = patterns.iter().filter(|(brand, _)| *brand == slug);
            own.map(|(_, pattern)| *pattern).collect::<Vec<_>>()
        };
        for brand in &self.brands {
            seal.add(&brand.slug);
            let own = of(&brand.slug);
            self.patterns
                .push(if own.is_empty() { of("*") } else { own });
        }
        for (things, brands) in words::makers() {
            let known: Vec<usize> = brands.iter().filter_map(|b| self.brand(b)).collect();
            for thing in things {
                self.makers.insert(thing.to_owned(), known.clone());
            }
        }
        Ok(())
    }

    fn brand(&self, slug: &str) -> Option<usize> {
        self.brands.iter().position(|brand| brand.slug == slug)
    }

    async fn read_vehicles(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select g.id, m.id, k.id, k.name || ' ' || m.name, k.name_ru || ' ' || m.name_ru, g.name,
                     g.year_from::integer, coalesce(g.year_to, 2025)::integer, g.body, k.slug
                 from catalog_data.generations as g
                 join catalog_data.models as m on m.id = g.model_id
                 join catalog_data.makes as k on k.id = m.make_id
                 order by g.id",
                &[],
            )
            .await?;
        for row in &rows {
            let make: &str = row.get(9);
            let owner = OWNERS
                .iter()
                .find(|(of, _)| *of == make)
                .map_or(make, |(_, brand)| brand);
            let en: String = row.get(3);
            seal.add(&en);
            self.vehicles.push(Vehicle {
                id: row.get(0),
                model_id: row.get(1),
                make_id: row.get(2),
                en,
                ru: row.get(4),
                generation: row.get(5),
                years: (row.get(6), row.get(7)),
                body: row.get(8),
                brand: self.brand(owner),
            });
        }
        Ok(())
    }

    /// Numbers that stand for each other get one group and are one thing: what the makers among them make, if that is known.
    async fn read_known(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select x.from_brand_id, x.from_number, x.to_brand_id, x.to_number
                 from catalog_data.part_crosses as x order by x.id",
                &[],
            )
            .await?;
        let mut numbers: Vec<(usize, String, usize)> = Vec::new();
        for row in &rows {
            let ends = [self.end(row, 0), self.end(row, 2)];
            let [Some(from), Some(to)] = ends else {
                continue;
            };
            let group = numbers.len();
            let mut groups = Vec::new();
            for (brand, number) in [from, to] {
                seal.add(&number);
                let found = numbers.iter().find(|(b, n, _)| *b == brand && *n == number);
                match found {
                    Some((_, _, other)) => groups.push(*other),
                    None => numbers.push((brand, number, group)),
                }
            }
            for known in &mut numbers {
                if groups.contains(&known.2) {
                    known.2 = group;
                }
            }
        }
        let nouns: HashMap<usize, usize> = numbers
            .iter()
            .map(|(_, _, group)| (*group, self.noun_of(&numbers, *group)))
            .collect();
        self.known = numbers
            .into_iter()
            .map(|(brand, number, group)| Known {
                brand,
                number,
                noun: nouns.get(&group).copied().unwrap_or_default(),
                group: group as u64,
            })
            .collect();
        Ok(())
    }

    fn end(&self, row: &Row, column: usize) -> Option<(usize, String)> {
        let id: i64 = row.get(column);
        let brand = self.brands.iter().position(|brand| brand.id == id)?;
        Some((brand, row.get(column + 1)))
    }

    /// The commonest thing that a maker in the group makes.
    fn noun_of(&self, numbers: &[(usize, String, usize)], group: usize) -> usize {
        let brands: Vec<usize> = numbers
            .iter()
            .filter(|(_, _, of)| *of == group)
            .map(|(brand, _, _)| *brand)
            .collect();
        self.nouns
            .iter()
            .position(|(noun, _)| {
                self.makers
                    .get(&noun.slug)
                    .is_some_and(|makers| makers.iter().take(4).any(|m| brands.contains(m)))
            })
            .or_else(|| {
                self.nouns
                    .iter()
                    .position(|(noun, _)| noun.slug == "oil-filters")
            })
            .unwrap_or_default()
    }

    async fn read_places(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let rows = client
            .query(
                "select p.id, p.slug, p.population::bigint from catalog_data.places as p order by p.id",
                &[],
            )
            .await?;
        let mut weights = Vec::new();
        for row in &rows {
            let slug: String = row.get(1);
            seal.add(&slug);
            self.places.push((row.get(0), slug));
            weights.push(row.get::<_, i64>(2).unsigned_abs());
        }
        self.place_weights = Weighted::new(weights);
        Ok(())
    }

    async fn read_rest(&mut self, client: &Client, seal: &mut Seal) -> Result<(), Error> {
        let engines = client
            .query(
                "select e.make_id, e.id, e.code, e.displacement_cc, e.fuel, e.power_kw
                 from catalog_data.engines as e order by e.id",
                &[],
            )
            .await?;
        for row in &engines {
            let code: String = row.get(2);
            seal.add(&code);
            self.engines.entry(row.get(0)).or_default().push(Engine {
                id: row.get(1),
                code,
                cc: row.get(3),
                fuel: row.get(4),
                kw: row.get(5),
            });
        }
        let makers = client
            .query(
                "select w.make_id, w.wmi from catalog_data.vin_makers as w
                 where w.make_id is not null and w.class = 'light' and w.suffix = '' order by w.wmi",
                &[],
            )
            .await?;
        for row in &makers {
            let wmi: String = row.get(1);
            seal.add(&wmi);
            self.wmis.entry(row.get(0)).or_default().push(wmi);
        }
        self.reasons = strings(
            client,
            "select r.code from market_data.moderation_reasons as r
             where r.archived_at is null order by r.code",
            seal,
        )
        .await?;
        self.topics = strings(
            client,
            "select t.topic from notify_data.topics as t order by t.topic",
            seal,
        )
        .await?;
        Ok(())
    }

    /// A town, the large ones more often.
    pub fn place(&self, rng: &mut Rng) -> i64 {
        let at = self.place_weights.sample(rng);
        self.places.get(at).map_or(1, |(id, _)| *id)
    }
}

async fn strings(client: &Client, sql: &str, seal: &mut Seal) -> Result<Vec<String>, Error> {
    let rows = client.query(sql, &[]).await?;
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    found.iter().for_each(|text| seal.add(text));
    Ok(found)
}

/// A number for everything that was read, in its order.
struct Seal(u64);

impl Seal {
    fn add(&mut self, text: &str) {
        self.0 = self.0.rotate_left(7) ^ hash(text.as_bytes());
    }
}
