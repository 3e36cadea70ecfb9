//! What a listing sells: which article of which maker, for which cars, in which condition and at what price.
//!
//! An article is the same wherever it is sold, so that listings share part numbers, and numbers of the cross references are met
//! most; make, part, brand, number and price belong together.

use crate::catalogue::{Kind, Subcategory, Vehicle};
use crate::market::Market;
use crate::rng::Rng;
use crate::sample::log_normal;
use crate::season::DAY;
use crate::words::Place;

/// An article of a maker.
#[derive(Debug, Clone)]
pub struct Article {
    /// What it is; a place in the catalogue's nouns.
    pub noun: usize,
    /// Whose; a place in its brands.
    pub brand: usize,
    /// Its number as its maker writes it.
    pub number: String,
    /// The car that it is for; a place in its vehicles.
    pub vehicle: usize,
    /// So many generations more, which follow it.
    pub more: usize,
    /// What it usually costs new, in roubles.
    pub price: f64,
    /// Whether it is the car maker's own.
    pub is_oem: bool,
}

/// What is sold.
#[derive(Debug, Clone)]
pub struct Ware {
    /// Which kind.
    pub kind: Kind,
    /// A place in the catalogue's subcategories.
    pub subcategory: usize,
    /// A place in its nouns.
    pub noun: usize,
    /// The article, of a part.
    pub article: Option<Article>,
    /// The car: sold, or that the part was made for.
    pub vehicle: usize,
    /// The year of the car.
    pub year: i32,
    /// Kilometres of the car.
    pub mileage_km: i64,
    /// `new`, `used`, `rebuilt`.
    pub condition: &'static str,
    /// `front` or `rear`; `left` or `right`.
    pub axle: Option<bool>,
    /// True: left.
    pub side: Option<bool>,
    /// The money.
    pub currency: &'static str,
    /// Of a piece, in its minor units.
    pub price_minor: i64,
    /// From a quantity on.
    pub wholesale: Option<(i64, i32)>,
    /// Pieces at the beginning.
    pub stock: i32,
    /// Days until it expires.
    pub days: i64,
}

/// Things that nobody sells used.
const ALWAYS_NEW: [&str; 10] = [
    "oil-filters",
    "air-filters",
    "cabin-filters",
    "fuel-filters",
    "engine-oils",
    "transmission-oils",
    "antifreeze",
    "brake-fluids",
    "greases-chemicals",
    "wipers",
];

impl Article {
    /// The article with this number; the first are those of the cross references.
    #[must_use]
    pub fn of(market: &Market, number: u64) -> Self {
        let catalogue = &market.catalogue;
        let mut rng = market.key("article@1").row(number);
        let known = catalogue.known.get(number as usize);
        // Numbers that stand for each other fit the same car.
        let mut about = market
            .key("article.group@1")
            .row(known.map_or(number.wrapping_add(1 << 32), |known| known.group));
        let vehicle = market.vehicles.sample(&mut about) as usize;
        let noun = known.map_or_else(|| catalogue.noun_weights.sample(&mut about), |k| k.noun);
        let own = catalogue.vehicles.get(vehicle).and_then(|v| v.brand);
        let brand = known.map_or_else(|| brand(market, &mut rng, noun, own), |k| k.brand);
        let is_oem = Some(brand) == own;
        let text = known.map_or_else(
            || {
                let patterns = catalogue.patterns.get(brand);
                let pattern = patterns.and_then(|patterns| rng.pick(patterns));
                filled(&mut rng, pattern.copied().unwrap_or("#####-#####"))
            },
            |known| known.number.clone(),
        );
        let usual = catalogue
            .nouns
            .get(noun)
            .map_or(3000.0, |(noun, _)| noun.price);
        let dear = if is_oem { 1.7 } else { 1.0 };
        Self {
            noun,
            brand,
            number: text,
            vehicle,
            more: about.below(4) as usize,
            price: log_normal(&mut about, usual, 0.45) * dear,
            is_oem,
        }
    }
}

/// Somebody who makes such things; or the maker of the car.
fn brand(market: &Market, rng: &mut Rng, noun: usize, own: Option<usize>) -> usize {
    let catalogue = &market.catalogue;
    let slug = catalogue.nouns.get(noun).map_or("", |(noun, _)| &noun.slug);
    let makers = catalogue
        .makers
        .get(slug)
        .filter(|makers| !makers.is_empty());
    let at = libm::pow(rng.unit(), 1.8);
    match (own, makers) {
        (Some(own), Some(_)) if rng.permille(330) => own,
        (_, Some(makers)) => {
            let place = (at * makers.len() as f64) as usize;
            makers.get(place).copied().unwrap_or_default()
        }
        (Some(own), None) if rng.permille(800) => own,
        _ => rng.below(catalogue.brands.len() as u64) as usize,
    }
}

/// A number by its pattern: # is a digit, @ a letter.
fn filled(rng: &mut Rng, pattern: &str) -> String {
    pattern
        .chars()
        .map(|sign| match sign {
            '#' => char::from(b'0' + rng.below(10) as u8),
            '@' => char::from(
                b"ABCDEFGHJKLMNPRSTUVWXYZ"
                    .get(rng.below(23) as usize)
                    .copied()
                    .unwrap_or(b'A'),
            ),
            other => other,
        })
        .collect()
}

impl Ware {
    /// What the listing with this number sells.
    #[must_use]
    pub fn of(market: &Market, number: u64, of_shop: bool) -> Self {
        let mut rng = market.key("ware@1").row(number);
        let kind = match rng.below(1000) {
            0..50 => Kind::Car,
            50..90 => Kind::Service,
            _ => Kind::Part,
        };
        let mut ware = Self {
            kind,
            subcategory: 0,
            noun: 0,
            article: None,
            vehicle: market.vehicles.sample(&mut rng) as usize,
            year: 0,
            mileage_km: 0,
            condition: "used",
            axle: None,
            side: None,
            currency: "RUB",
            price_minor: 0,
            wholesale: None,
            stock: 1,
            days: 60,
        };
        let roubles = match kind {
            Kind::Part => ware.part(market, &mut rng, of_shop),
            Kind::Car => ware.car(market, &mut rng),
            Kind::Service => ware.service(market, &mut rng),
        };
        ware.priced(&mut rng, roubles, of_shop);
        let subcategory = market.catalogue.subcategories.get(ware.subcategory);
        ware.days = subcategory.map_or(60, |subcategory| subcategory.days);
        ware
    }

    /// The subcategory.
    #[must_use]
    pub fn subcategory<'a>(&self, market: &'a Market) -> Option<&'a Subcategory> {
        market.catalogue.subcategories.get(self.subcategory)
    }

    /// The car.
    #[must_use]
    pub fn vehicle<'a>(&self, market: &'a Market) -> Option<&'a Vehicle> {
        market.catalogue.vehicles.get(self.vehicle)
    }

    /// The generations that a part fits: that it was made for and those that follow it of the same make.
    pub fn fits<'a>(&self, market: &'a Market) -> impl Iterator<Item = &'a Vehicle> {
        let more = self.article.as_ref().map_or(0, |article| article.more);
        let all = market
            .catalogue
            .vehicles
            .get(self.vehicle..)
            .unwrap_or_default();
        let make = all.first().map(|vehicle| vehicle.make_id);
        all.iter()
            .take(1 + more)
            .take_while(move |vehicle| Some(vehicle.make_id) == make)
    }

    fn part(&mut self, market: &Market, rng: &mut Rng, of_shop: bool) -> f64 {
        let article = Article::of(market, market.articles.sample(rng));
        let (slug, place) = match market.catalogue.nouns.get(article.noun) {
            Some((noun, subcategory)) => {
                self.subcategory = *subcategory;
                (noun.slug.as_str(), noun.place)
            }
            None => ("", Place::Nowhere),
        };
        self.noun = article.noun;
        self.vehicle = article.vehicle;
        self.axle = matches!(place, Place::Axle | Place::Both).then(|| rng.permille(560));
        self.side = matches!(place, Place::Side | Place::Both).then(|| rng.permille(500));
        self.condition = match rng.below(100) {
            _ if ALWAYS_NEW.contains(&slug) => "new",
            0..46 if slug != "engine-assembly" => "new",
            46..52 => "rebuilt",
            _ => "used",
        };
        let worn = match self.condition {
            "new" => 1.0,
            "rebuilt" => 0.7,
            _ => 0.45,
        };
        let stocks: &[i32] = match (self.condition, of_shop) {
            ("new", true) => &[1, 2, 2, 3, 4, 4, 5, 6, 8, 10, 12, 20, 40, 100],
            ("new", false) => &[1, 1, 1, 2, 2, 4],
            _ => &[1, 1, 1, 1, 1, 2],
        };
        self.stock = rng.pick(stocks).copied().unwrap_or(1);
        let price = log_normal(rng, article.price, 0.16) * worn;
        self.article = Some(article);
        price
    }

    fn car(&mut self, market: &Market, rng: &mut Rng) -> f64 {
        let now = year_of(market.to);
        let (make, years, body) = match self.vehicle(market) {
            Some(vehicle) => (vehicle.make_id, vehicle.years, vehicle.body.as_str()),
            None => (0, (2000, 2010), "sedan"),
        };
        let last = years.1.min(now).max(years.0);
        self.year = rng.between(i64::from(years.0), i64::from(last)) as i32;
        let age = f64::from((now - self.year).max(0));
        self.mileage_km = (log_normal(rng, 13_000.0, 0.35) * (age + 0.3)) as i64;
        let is_damaged = rng.permille(40);
        let slug = match body {
            _ if is_damaged => "cars-damaged",
            _ if self.year < 1980 => "cars-retro",
            "hatchback" => "cars-hatchback",
            "liftback" => "cars-liftback",
            "wagon" => "cars-wagon",
            "suv" => "cars-suv",
            "coupe" => "cars-coupe",
            "convertible" => "cars-convertible",
            "minivan" => "cars-minivan",
            "pickup" => "cars-pickup",
            "van" => "vans",
            "truck" => "light-trucks",
            "bus" => "buses",
            _ => "cars-sedan",
        };
        self.choose(market, slug);
        if age < 1.0 && rng.permille(700) {
            self.condition = "new";
            self.mileage_km = rng.between(0, 60);
        }
        let tier = market.key("make@1").row(make.unsigned_abs());
        let base = tier
            .clone()
            .pick(&[1.1e6, 1.5e6, 2.0e6, 2.6e6, 4.2e6])
            .copied()
            .unwrap_or(2e6);
        let whole = if is_damaged { 0.35 } else { 1.0 };
        log_normal(rng, base, 0.22) * libm::pow(0.915, age) * whole
    }

    fn service(&mut self, market: &Market, rng: &mut Rng) -> f64 {
        let services = market.catalogue.subcategories.iter().enumerate();
        let services: Vec<usize> = services
            .filter(|(_, subcategory)| subcategory.kind == Kind::Service)
            .map(|(place, _)| place)
            .collect();
        self.subcategory = rng.pick(&services).copied().unwrap_or_default();
        let nouns = market.catalogue.nouns.iter();
        self.noun = nouns
            .clone()
            .position(|(_, subcategory)| *subcategory == self.subcategory)
            .unwrap_or_default();
        self.condition = "new";
        self.stock = 10;
        log_normal(rng, 6_000.0, 0.8)
    }

    fn choose(&mut self, market: &Market, slug: &str) {
        let found = market
            .catalogue
            .subcategories
            .iter()
            .position(|s| s.slug == slug);
        self.subcategory = found.unwrap_or_default();
        let nouns = market.catalogue.nouns.iter();
        self.noun = nouns
            .clone()
            .position(|(_, subcategory)| *subcategory == self.subcategory)
            .unwrap_or_default();
    }

    fn priced(&mut self, rng: &mut Rng, roubles: f64, of_shop: bool) {
        let (currency, worth) = match rng.below(1000) {
            0..6 => ("USD", 92.0),
            6..9 => ("EUR", 100.0),
            9..14 => ("KZT", 0.19),
            14..18 => ("BYN", 28.0),
            _ => ("RUB", 1.0),
        };
        self.currency = currency;
        self.price_minor = usual(roubles / worth) * 100;
        let is_bulk = of_shop && self.kind == Kind::Part && self.stock >= 5 && rng.permille(350);
        self.wholesale = is_bulk.then(|| {
            let from = rng.pick(&[4, 5, 10, 20]).copied().unwrap_or(5);
            (self.price_minor * 88 / 100 / 100 * 100, from)
        });
    }
}

/// A price as people write it: two figures that count, and often a nine or a fifty after them.
fn usual(price: f64) -> i64 {
    let price = (price as i64).clamp(10, 90_000_000);
    let step = match price {
        0..100 => 1,
        100..1_000 => 10,
        1_000..10_000 => 50,
        10_000..100_000 => 500,
        100_000..1_000_000 => 5_000,
        _ => 25_000,
    };
    price / step * step
}

/// The year in which a moment lies.
#[must_use]
pub fn year_of(at: i64) -> i32 {
    2000 + (at as f64 / (365.2425 * DAY as f64)) as i32
}
