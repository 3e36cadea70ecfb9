//! What sellers write: titles and descriptions in Russian and English by a small grammar over the catalogue, with the spellings,
//! abbreviations and slips that are met.

use std::fmt::Write as _;

use crate::catalogue::Kind;
use crate::life::Life;
use crate::market::Market;
use crate::rng::Rng;
use crate::ware::Ware;
use crate::words::Gender;

/// The longest title.
const MOST_TITLE: usize = 150;

/// Whether this listing is written in English.
fn is_english(rng: &mut Rng) -> bool {
    rng.permille(110)
}

/// The title of the listing with this number, 3 to 150 characters.
#[must_use]
pub fn title(market: &Market, number: u64, ware: &Ware) -> String {
    let mut rng = market.key("title@1").row(number);
    let is_en = is_english(&mut rng);
    let text = match ware.kind {
        Kind::Car => car(market, &mut rng, ware),
        Kind::Service => service(market, &mut rng, ware, is_en),
        Kind::Part if is_en => part_en(market, &mut rng, ware),
        Kind::Part => part_ru(market, &mut rng, ware),
    };
    let text = slipped(&mut rng, text);
    let mut text: String = text.chars().take(MOST_TITLE).collect();
    text.truncate(text.trim_end().len());
    text
}

fn car(market: &Market, rng: &mut Rng, ware: &Ware) -> String {
    let Some(vehicle) = ware.vehicle(market) else {
        return "Автомобиль".to_owned();
    };
    let name = if rng.permille(250) {
        &vehicle.ru
    } else {
        &vehicle.en
    };
    let engine = engine(market, rng, vehicle.make_id);
    let mut text = format!("{name} {}", vehicle.generation);
    if let Some(cc) = engine.and_then(|engine| engine.cc) {
        let _ = write!(text, " {:.1}", f64::from(cc) / 1000.0);
    }
    let _ = write!(text, ", {}", ware.year);
    text
}

/// An engine of this make.
pub fn engine<'a>(
    market: &'a Market,
    rng: &mut Rng,
    make: i64,
) -> Option<&'a crate::catalogue::Engine> {
    let engines = market.catalogue.engines.get(&make)?;
    rng.pick(engines)
}

fn service(market: &Market, rng: &mut Rng, ware: &Ware, is_en: bool) -> String {
    let Some((noun, _)) = market.catalogue.nouns.get(ware.noun) else {
        return "Услуги".to_owned();
    };
    let tail = match is_en {
        true => rng.pick(&[
            "to order",
            "any car",
            "fast",
            "with warranty",
            "from drawings",
        ]),
        false => rng.pick(&[
            "на заказ",
            "недорого",
            "под ключ",
            "за день",
            "с гарантией",
            "по чертежам",
        ]),
    };
    let name = if is_en { &noun.en } else { &noun.ru };
    format!("{} {}", capital(name), tail.copied().unwrap_or(""))
}

fn part_ru(market: &Market, rng: &mut Rng, ware: &Ware) -> String {
    let (Some((noun, _)), Some(article)) = (market.catalogue.nouns.get(ware.noun), &ware.article)
    else {
        return "Запчасть".to_owned();
    };
    let is_short = rng.permille(160);
    let mut text = capital(&noun.ru);
    if let Some(is_front) = ware.axle {
        add(&mut text, axle_ru(noun.gender, is_front, is_short));
    }
    if let Some(is_left) = ware.side {
        add(&mut text, side_ru(noun.gender, is_left, is_short));
    }
    if let Some(brand) = market
        .catalogue
        .brands
        .get(article.brand)
        .filter(|_| rng.permille(720))
    {
        add(&mut text, &brand.name);
    }
    if let Some(vehicle) = ware.vehicle(market).filter(|_| rng.permille(820)) {
        add(
            &mut text,
            rng.pick(&["на", "на", "для", ""]).copied().unwrap_or(""),
        );
        add(
            &mut text,
            if rng.permille(330) {
                &vehicle.ru
            } else {
                &vehicle.en
            },
        );
        if rng.permille(600) {
            add(&mut text, &vehicle.generation);
        }
        if rng.permille(180) {
            add(
                &mut text,
                &format!("{}-{}", vehicle.years.0, vehicle.years.1),
            );
        }
    }
    if rng.permille(450) {
        add(&mut text, &spelled(rng, &article.number));
    }
    let word = match ware.condition {
        "used" => rng.pick(&["б/у", "бу", "контракт", "с разбора", "", "", ""]),
        "rebuilt" => rng.pick(&["восстановленный узел", "после ремонта", ""]),
        _ if article.is_oem => rng.pick(&["оригинал", "ориг.", "новый ориг", "", ""]),
        _ => rng.pick(&["в наличии", "к-т", "аналог", "", "", "", ""]),
    };
    add(&mut text, word.copied().unwrap_or(""));
    text
}

const fn axle_ru(gender: Gender, is_front: bool, is_short: bool) -> &'static str {
    match (is_front, is_short) {
        (true, true) => "перед.",
        (false, true) => "зад.",
        (true, false) => gender.of(["передний", "передняя", "переднее", "передние"]),
        (false, false) => gender.of(["задний", "задняя", "заднее", "задние"]),
    }
}

const fn side_ru(gender: Gender, is_left: bool, is_short: bool) -> &'static str {
    match (is_left, is_short) {
        (true, true) => "лев.",
        (false, true) => "прав.",
        (true, false) => gender.of(["левый", "левая", "левое", "левые"]),
        (false, false) => gender.of(["правый", "правая", "правое", "правые"]),
    }
}

fn part_en(market: &Market, rng: &mut Rng, ware: &Ware) -> String {
    let (Some((noun, _)), Some(article)) = (market.catalogue.nouns.get(ware.noun), &ware.article)
    else {
        return "Car part".to_owned();
    };
    let mut text = String::new();
    if let Some(is_front) = ware.axle {
        add(&mut text, if is_front { "Front" } else { "Rear" });
    }
    if let Some(is_left) = ware.side {
        add(&mut text, if is_left { "left" } else { "right" });
    }
    add(&mut text, &noun.en);
    if let Some(brand) = market
        .catalogue
        .brands
        .get(article.brand)
        .filter(|_| rng.permille(720))
    {
        add(&mut text, &brand.name);
    }
    if let Some(vehicle) = ware.vehicle(market) {
        add(
            &mut text,
            rng.pick(&["for", "fits", ""]).copied().unwrap_or(""),
        );
        add(&mut text, &vehicle.en);
        if rng.permille(600) {
            add(&mut text, &vehicle.generation);
        }
    }
    if rng.permille(500) {
        add(&mut text, &spelled(rng, &article.number));
    }
    add(
        &mut text,
        rng.pick(&["", "", ware.condition, "genuine"])
            .copied()
            .unwrap_or(""),
    );
    capital(&text)
}

/// A part number as somebody may write it: all of these are found by any of them.
pub fn spelled(rng: &mut Rng, number: &str) -> String {
    match rng.below(100) {
        0..42 => number.to_owned(),
        42..64 => number.replace([' ', '-'], ""),
        64..76 => number.replace(' ', "-"),
        76..84 => number.to_lowercase(),
        84..90 => number.replace('-', " "),
        // Typed with the Russian keyboard: the letters look the same.
        90..96 => number.chars().map(lookalike).collect(),
        _ => format!("№{number}"),
    }
}

const fn lookalike(sign: char) -> char {
    match sign {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        other => other,
    }
}

/// One of thirty texts has a slip: two letters swapped, one missing, one twice; a few shout.
fn slipped(rng: &mut Rng, text: String) -> String {
    match rng.below(1000) {
        0..33 => {
            let mut letters: Vec<char> = text.chars().collect();
            let at = 1 + rng.below(letters.len().saturating_sub(3) as u64) as usize;
            let is_word = letters.get(at).is_some_and(|l| l.is_alphabetic())
                && letters.get(at + 1).is_some_and(|l| l.is_alphabetic());
            match rng.below(3) {
                _ if !is_word => {}
                0 => letters.swap(at, at + 1),
                1 if letters.len() > 6 => {
                    letters.remove(at);
                }
                _ => letters.insert(at, letters.get(at).copied().unwrap_or('а')),
            }
            letters.into_iter().collect()
        }
        33..48 => text.to_uppercase(),
        48..90 => text.to_lowercase(),
        _ => text,
    }
}

const OPENINGS_RU: [&str; 8] = [
    "Снято с рабочей машины.",
    "В наличии на складе.",
    "Упаковка заводская, не вскрывалась.",
    "Проверено на стенде.",
    "Состояние на фото.",
    "Продаю, потому что не подошло.",
    "Привезли из Японии, без пробега по РФ.",
    "Стояло на своей машине, ездило без нареканий.",
];
const CLOSINGS_RU: [&str; 9] = [
    "Отправка транспортной компанией в день заказа.",
    "Торг уместен.",
    "Гарантия две недели на проверку.",
    "Возможен обмен.",
    "Звоните в рабочее время.",
    "Скидка постоянным покупателям.",
    "Поможем подобрать по VIN.",
    "Установка рядом.",
    "Оптовикам отдельная цена.",
];
const OPENINGS_EN: [&str; 5] = [
    "In stock.",
    "Taken from a running car.",
    "New, in the maker's box.",
    "Condition as in the photos.",
    "Tested.",
];
const CLOSINGS_EN: [&str; 5] = [
    "Shipping the same day.",
    "Two weeks to check.",
    "Price is negotiable.",
    "Ask for fitment by VIN.",
    "Cash or card.",
];

/// The description of the listing with this number, at most 8000 characters; a few have none.
#[must_use]
pub fn description(market: &Market, number: u64, life: &Life) -> String {
    let ware = &life.ware;
    // The first number of the title's stream again: both are in one language.
    let is_en = is_english(&mut market.key("title@1").row(number));
    let mut rng = market.key("description@1").row(number);
    let mut text = String::with_capacity(200);
    if rng.permille(90) {
        return text;
    }
    let (openings, closings): (&[&str], &[&str]) = match is_en {
        true => (&OPENINGS_EN, &CLOSINGS_EN),
        false => (&OPENINGS_RU, &CLOSINGS_RU),
    };
    if ware.kind == Kind::Part {
        add(&mut text, rng.pick(openings).copied().unwrap_or(""));
        fits(market, &mut rng, ware, is_en, &mut text);
    }
    if ware.kind == Kind::Car {
        let _ = match is_en {
            true => write!(text, "Mileage {} km.", ware.mileage_km),
            false => write!(text, "Пробег {} км, обслуживание вовремя.", ware.mileage_km),
        };
    }
    if ware.kind == Kind::Service {
        add(
            &mut text,
            if is_en {
                "Own workshop."
            } else {
                "Своя мастерская, работаем каждый день."
            },
        );
    }
    for _ in 0..rng.below(3) {
        add(&mut text, rng.pick(closings).copied().unwrap_or(""));
    }
    text
}

fn fits(market: &Market, rng: &mut Rng, ware: &Ware, is_en: bool, text: &mut String) {
    add(
        text,
        if is_en {
            "Fits"
        } else {
            "Подходит на"
        },
    );
    let mut is_first = true;
    for vehicle in ware.fits(market) {
        if !is_first {
            text.push(',');
        }
        is_first = false;
        add(text, if is_en { &vehicle.en } else { &vehicle.ru });
        let _ = write!(
            text,
            " {} {}–{}",
            vehicle.generation, vehicle.years.0, vehicle.years.1
        );
    }
    text.push('.');
    if let Some(article) = ware.article.as_ref().filter(|_| rng.permille(300)) {
        add(text, if is_en { "Number" } else { "Номер" });
        let number = spelled(rng, &article.number);
        let _ = write!(text, " {number}.");
    }
}

/// The word after a space, if there is a word.
fn add(text: &mut String, word: &str) {
    if !word.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
