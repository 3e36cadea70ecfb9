//! Extra fields of a listing: those that its subcategory asks for, with values that go with what is sold.

use std::io::Write as _;

use crate::catalogue::{Field, Kind};
use crate::copy::json_text;
use crate::market::Market;
use crate::rng::Rng;
use crate::text::engine;
use crate::ware::Ware;

/// How often a field is filled in that nobody has to fill in, of a thousand.
const FILLED: u64 = 280;

/// Letters and digits of a VIN.
const VIN: &[u8; 33] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
/// What each is worth for the check digit, ISO 3779 and 49 CFR 565.
const WORTH: [u32; 33] = [
    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8,
    9,
];
/// What each place is worth.
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/// The letter of a model year, from 1980 on, every thirty years anew.
const YEARS: &[u8; 30] = b"ABCDEFGHJKLMNPRSTVWXY123456789";

/// A VIN of this make and model year, with its check digit.
pub fn vin(market: &Market, rng: &mut Rng, make: i64, year: i32) -> String {
    let wmis = market.catalogue.wmis.get(&make);
    let wmi = wmis
        .and_then(|wmis| rng.pick(wmis))
        .map_or("XTA", String::as_str);
    let mut signs: Vec<u8> = wmi.bytes().collect();
    while signs.len() < 17 {
        let sign = match signs.len() {
            9 => usize::try_from((year - 1980).rem_euclid(30))
                .ok()
                .and_then(|place| YEARS.get(place))
                .copied(),
            // The serial number.
            11.. => Some(b'0' + rng.below(10) as u8),
            _ => rng.pick(VIN).copied(),
        };
        signs.push(sign.unwrap_or(b'1'));
    }
    let sum: u32 = signs
        .iter()
        .zip(WEIGHTS)
        .map(|(sign, weight)| {
            let place = VIN.iter().position(|known| known == sign);
            weight
                * place
                    .and_then(|place| WORTH.get(place))
                    .copied()
                    .unwrap_or(0)
        })
        .sum();
    if let Some(check) = signs.get_mut(8) {
        *check = match sum % 11 {
            10 => b'X',
            rest => b'0' + rest as u8,
        };
    }
    signs.into_iter().map(char::from).collect()
}

/// Writes the object of fields of the listing with this number.
pub fn write(market: &Market, number: u64, ware: &Ware, json: &mut Vec<u8>) {
    let mut rng = market.key("fields@1").row(number);
    json.push(b'{');
    let mut is_first = true;
    let fields = ware.subcategory(market).map_or(&[][..], |s| &s.fields);
    for field in fields {
        if !(field.required || rng.permille(FILLED)) {
            continue;
        }
        if !is_first {
            json.push(b',');
        }
        is_first = false;
        json_text(json, &field.key);
        json.push(b':');
        value(market, &mut rng, ware, field, json);
    }
    json.push(b'}');
}

fn value(market: &Market, rng: &mut Rng, ware: &Ware, field: &Field, json: &mut Vec<u8>) {
    match (field.kind.as_str(), field.key.as_str()) {
        ("choice", _) => {
            let told =
                told(ware, &field.key).filter(|told| field.choices.iter().any(|c| c == told));
            let choice = told
                .map(str::to_owned)
                .or_else(|| rng.pick(&field.choices).cloned());
            json_text(json, &choice.unwrap_or_default());
        }
        ("boolean", "oem") => {
            let is_oem = ware.article.as_ref().is_some_and(|article| article.is_oem);
            let _ = write!(json, "{is_oem}");
        }
        ("boolean", _) => {
            let _ = write!(json, "{}", rng.permille(600));
        }
        ("text", _) => json_text(json, &text(market, rng, ware, &field.key)),
        (_, "year") if ware.kind == Kind::Car => {
            let _ = write!(json, "{}", ware.year);
        }
        (_, "mileage_km") => {
            let _ = write!(json, "{}", ware.mileage_km.clamp(0, 3_000_000));
        }
        _ => {
            let _ = write!(json, "{}", figure(rng, field));
        }
    }
}

/// What the title says too.
fn told(ware: &Ware, key: &str) -> Option<&'static str> {
    match (key, ware.axle, ware.side) {
        ("position", Some(is_front), _) => Some(if is_front { "front" } else { "rear" }),
        ("side", _, Some(is_left)) => Some(if is_left { "left" } else { "right" }),
        _ => None,
    }
}

fn text(market: &Market, rng: &mut Rng, ware: &Ware, key: &str) -> String {
    let make = ware.vehicle(market).map_or(0, |vehicle| vehicle.make_id);
    match key {
        "vin" => vin(market, rng, make, ware.year),
        "donor_vin" => {
            let years = ware
                .vehicle(market)
                .map_or((2010, 2012), |vehicle| vehicle.years);
            let year = rng.between(i64::from(years.0), i64::from(years.1)) as i32;
            vin(market, rng, make, year)
        }
        "engine" => engine(market, rng, make).map_or_else(|| "1.6".to_owned(), |e| e.code.clone()),
        "bolt_pattern" => {
            let patterns = [
                "4x98", "4x100", "5x100", "5x108", "5x112", "5x114.3", "5x120", "6x139.7",
            ];
            rng.pick(&patterns).copied().unwrap_or("5x112").to_owned()
        }
        "approvals" => {
            let approvals = ["ACEA C3", "API SN", "VW 504 00", "MB 229.51", "ILSAC GF-5"];
            rng.pick(&approvals).copied().unwrap_or("API SN").to_owned()
        }
        "material" => {
            let materials = ["сталь", "алюминий", "нержавейка", "кожа", "карбон", "ABS"];
            rng.pick(&materials).copied().unwrap_or("сталь").to_owned()
        }
        _ => format!("{}", 1 + rng.below(40)),
    }
}

/// A number that such things have; where none is known, one near the least that is allowed.
fn figure(rng: &mut Rng, field: &Field) -> i64 {
    let (least, most) = match field.key.as_str() {
        "tyre_width" => (15, 31),
        "tyre_profile" => (7, 16),
        "tyre_diameter" | "rim_diameter" => (13, 21),
        "rim_width" => (5, 9),
        "offset_mm" => (25, 55),
        "displacement_cc" => (8, 40),
        "power_hp" => (60, 320),
        "capacity_ah" => (9, 20),
        "cold_start_a" => (30, 90),
        "made_year" => (2016, 2025),
        "owners" => (1, 4),
        "warranty_days" => (7, 90),
        "volume_l" => (1, 5),
        "diameter_mm" => (24, 37),
        _ => {
            let (least, most) = field.bounds;
            (
                least.max(1.0) as i64,
                most.min(least.max(1.0) + 200.0) as i64,
            )
        }
    };
    let step = match field.key.as_str() {
        "tyre_width" | "cold_start_a" | "diameter_mm" => 10,
        "tyre_profile" | "capacity_ah" => 5,
        "displacement_cc" => 100,
        _ => 1,
    };
    let offset = if field.key == "tyre_width" { 5 } else { 0 };
    let figure = rng.between(least, most) * step + offset;
    figure.clamp(field.bounds.0 as i64, field.bounds.1 as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_vin_has_its_check_digit_its_year_and_no_letter_that_is_not_allowed() {
        let market = Market::new(1, 0, 1, Catalogue::default());
        let mut rng = Rng::new(3);
        for _ in 0..500 {
            let vin = vin(&market, &mut rng, 1, 2014);
            assert_eq!(vin.len(), 17);
            assert!(vin.bytes().all(|sign| VIN.contains(&sign)), "{vin}");
            assert_eq!(vin.as_bytes()[9], b'E');
        }
        // The example of 49 CFR 565.
        let known = b"1M8GDM9AXKP042788";
        let sum: u32 = known
            .iter()
            .zip(WEIGHTS)
            .map(|(s, w)| w * WORTH[VIN.iter().position(|k| k == s).unwrap()])
            .sum();
        assert_eq!(sum % 11, 10);
    }
}
