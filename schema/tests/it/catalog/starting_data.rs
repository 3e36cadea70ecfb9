//! What a new marketplace starts with.

use std::collections::HashMap;

use kardan_schema::catalog;
use kardan_schema::{CategoryId, Kind};
use kardan_testdb::Database;
use regex::Regex;

/// The first year of a make's own cars, where somebody might easily write an older one; 1930 bounds the others, which are
/// older than every car that is bought parts for.
const FIRST_YEARS: &[(&str, i32)] = &[
    ("acura", 1986),
    ("brilliance", 1991),
    ("byd", 2003),
    ("changan", 1984),
    ("chery", 1999),
    ("dacia", 1966),
    ("daewoo", 1972),
    ("daf", 1928),
    ("exeed", 2017),
    ("geely", 1997),
    ("genesis", 2015),
    ("great-wall", 1984),
    ("haval", 2010),
    ("hyundai", 1967),
    ("infiniti", 1989),
    ("jac", 1999),
    ("jaecoo", 2023),
    ("jeep", 1941),
    ("kamaz", 1976),
    ("kia", 1962),
    ("lada", 1970),
    ("land-rover", 1948),
    ("lexus", 1989),
    ("lifan", 2003),
    ("lixiang", 2019),
    ("mini", 1959),
    ("omoda", 2021),
    ("porsche", 1948),
    ("ravon", 2015),
    ("saab", 1949),
    ("smart", 1998),
    ("ssangyong", 1986),
    ("subaru", 1954),
    ("tank", 2020),
    ("tesla", 2008),
    ("uaz", 1941),
    ("zaz", 1960),
    ("zeekr", 2021),
];

#[tokio::test]
async fn there_are_makes_models_and_generations_with_sane_years() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let firsts: HashMap<_, _> = FIRST_YEARS.iter().copied().collect();
    let makes = catalog::make_list(&*api).await?;
    assert!(makes.len() >= 40, "{} makes", makes.len());
    for (slug, _) in FIRST_YEARS {
        assert!(makes.iter().any(|make| make.slug == *slug), "{slug}");
    }
    let mut models_seen = 0;
    let mut odd = Vec::new();
    for make in &makes {
        let first = firsts.get(make.slug.as_str()).copied().unwrap_or(1930);
        let models = catalog::model_list(&*api, make.make_id).await?;
        if models.is_empty() {
            odd.push(format!("{} has no model", make.name));
        }
        models_seen += models.len();
        for model in models {
            let generations = catalog::generation_list(&*api, model.model_id).await?;
            if generations.is_empty() {
                odd.push(format!("{} {} has no generation", make.name, model.name));
            }
            for generation in generations {
                // What is announced for the next year is in the catalogue, nothing later.
                let last = generation.year_to.unwrap_or(generation.year_from);
                if generation.year_from < first || last < generation.year_from || last > 2027 {
                    odd.push(format!("{} {}: {generation:?}", make.name, model.name));
                }
            }
        }
    }
    assert!(models_seen >= 400, "{models_seen} models");
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    Ok(())
}

#[tokio::test]
async fn everything_has_a_name_in_both_languages() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let cyrillic = Regex::new(r"\p{Cyrillic}").unwrap();
    let mut odd = Vec::new();
    let mut want = |of: &str, ru: &str, en: &str, is_name: bool| {
        // A make may keep its own letters in English; a Russian name of words is Russian.
        if ru.trim().is_empty()
            || en.trim().is_empty()
            || cyrillic.is_match(en)
            || is_name && !cyrillic.is_match(ru)
        {
            odd.push(format!("{of}: {ru:?}, {en:?}"));
        }
    };
    for kind in Kind::ALL {
        for category in catalog::category_list(&*api, *kind).await? {
            want("category", &category.name_ru, &category.name_en, true);
            let fields = catalog::attribute_list(&*api, *kind, Some(category.category_id)).await?;
            for field in fields {
                want("field", &field.label_ru, &field.label_en, false);
                assert_eq!(field.hint_ru.is_some(), field.hint_en.is_some());
                for (ru, en) in field.choice_labels_ru.iter().zip(&field.choice_labels_en) {
                    want("choice", ru, en, false);
                }
            }
        }
    }
    for place in catalog::place_list(&*api, None, Some(100)).await? {
        want("place", &place.name_ru, &place.name_en, true);
        want("region", &place.region_ru, &place.region_en, true);
    }
    for make in catalog::make_list(&*api).await? {
        want("make", &make.name_ru, &make.name, true);
        for model in catalog::model_list(&*api, make.make_id).await? {
            // Many models are called by letters and digits in both languages.
            want("model", &model.name_ru, &model.name, false);
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
    Ok(())
}

#[tokio::test]
async fn there_are_enough_subcategories_and_no_category_is_empty() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    let mut subcategories = 0;
    for kind in Kind::ALL {
        let listed = catalog::category_list(&*api, *kind).await?;
        let mut inside: HashMap<CategoryId, usize> = HashMap::new();
        for parent in listed.iter().filter_map(|category| category.parent_id) {
            *inside.entry(parent).or_default() += 1;
            subcategories += 1;
        }
        for category in listed
            .iter()
            .filter(|category| category.parent_id.is_none())
        {
            assert!(
                inside.contains_key(&category.category_id),
                "{} holds nothing",
                category.slug
            );
        }
    }
    assert!(subcategories >= 60, "{subcategories} subcategories");
    Ok(())
}

#[tokio::test]
async fn there_are_brands_towns_engines_and_cross_references_to_begin_with() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let row = db
        .superuser()
        .await?
        .query_one(
            "select
                 (select count(*) from catalog_data.brands),
                 (select count(*) from catalog_data.brands as b where not exists (
                     select from catalog_data.brand_synonyms as s
                     where s.brand_id = b.id and s.synonym_norm = catalog_data.name_normalise(b.name))),
                 (select count(*) from catalog_data.places),
                 (select count(*) from catalog_data.engines),
                 (select count(*) from catalog_data.part_crosses)",
            &[],
        )
        .await?;
    let count = |column| row.get::<usize, i64>(column);
    assert!(count(0) >= 150, "{} brands", count(0));
    assert_eq!(count(1), 0, "brands that are not found by their own name");
    assert!(count(2) >= 80, "{} towns", count(2));
    assert!(count(3) >= 100, "{} engines", count(3));
    assert!(count(4) >= 100, "{} cross references", count(4));
    Ok(())
}

#[tokio::test]
async fn every_kind_is_asked_for_what_belongs_to_it() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let api = db.as_role("kardan_api").await?;
    for (kind, asked, needed) in [
        (Kind::Car, ["vin", "year", "mileage_km"], "year"),
        (Kind::Part, ["side", "position", "oem"], ""),
        (
            Kind::Service,
            ["material", "lead_time_days", "minimum_quantity"],
            "lead_time_days",
        ),
    ] {
        let fields = catalog::attribute_list(&*api, kind, None).await?;
        for key in asked {
            let field = fields.iter().find(|field| field.key == key);
            let field = field.ok_or_else(|| anyhow::anyhow!("{kind} has no {key}"))?;
            assert!(field.required || key != needed, "{key}");
        }
    }
    Ok(())
}
