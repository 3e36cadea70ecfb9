//! What people keep for themselves: cars in their garage, and of what they want to hear.

use super::{Per, Table};
use crate::catalogue::Vehicle;
use crate::copy::Rows;
use crate::fields::vin;
use crate::market::Market;
use crate::rng::Rng;
use crate::season::{DAY, MINUTE, moment};
use crate::text::engine;

pub const GARAGE: Table = Table {
    name: "market_data.garage_vehicles",
    version: 1,
    columns: &[
        "id",
        "user_id",
        "slot",
        "name",
        "vin",
        "make_id",
        "model_id",
        "generation_id",
        "engine_id",
        "year",
        "is_default",
        "created_at",
        "updated_at",
    ],
    per: Per::Person,
    write: garage,
};

pub const MUTES: Table = Table {
    name: "notify_data.mutes",
    version: 1,
    columns: &["user_id", "topic", "created_at"],
    per: Per::Person,
    write: mute,
};

pub const OBJECT_MUTES: Table = Table {
    name: "notify_data.object_mutes",
    version: 1,
    columns: &["id", "user_id", "object_type", "object_id", "created_at"],
    per: Per::Person,
    write: object_mute,
};

pub const FEEDS: Table = Table {
    name: "notify_data.feeds",
    version: 1,
    columns: &["user_id", "read_until", "marked_at"],
    per: Per::Person,
    write: feed,
};

/// Cars of a person at most.
const MOST_CARS: u64 = 2;

fn garage(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("garage@1").row(number);
    let cars = rng
        .pick(&[0, 0, 0, 0, 0, 0, 0, 1, 1, 2])
        .copied()
        .unwrap_or(0);
    for car in 0..MOST_CARS.min(cars) {
        let place = market.vehicles.sample(&mut rng) as usize;
        if let Some(vehicle) = market.catalogue.vehicles.get(place) {
            vehicle_row(market, &mut rng, (number, car), vehicle, rows);
        }
    }
}

fn vehicle_row(
    market: &Market,
    rng: &mut Rng,
    (number, car): (u64, u64),
    vehicle: &Vehicle,
    rows: &mut Rows,
) {
    let (from, to) = vehicle.years;
    let year = rng.between(i64::from(from), i64::from(to)) as i32;
    let created_at = moment(rng, market.person(number).created_at, market.to, 1.0);
    rows.begin(13);
    rows.id(number * MOST_CARS + car);
    rows.id(number);
    rows.i16(car as i16 + 1);
    rows.text_with(|name| {
        let whole = format!("{} {}", vehicle.en, vehicle.generation);
        name.extend(whole.chars().take(60).collect::<String>().into_bytes());
    });
    let vin = rng
        .permille(380)
        .then(|| vin(market, rng, vehicle.make_id, year));
    rows.opt(vin.as_deref(), Rows::text);
    rows.i64(vehicle.make_id);
    rows.i64(vehicle.model_id);
    rows.i64(vehicle.id);
    let engine = engine(market, rng, vehicle.make_id).filter(|_| number.is_multiple_of(2));
    rows.opt(engine.map(|engine| engine.id), Rows::i64);
    rows.i32(year);
    rows.bool(car == 0);
    rows.i64(created_at);
    rows.i64(created_at);
    rows.end();
}

/// The topic that this person has switched off, if one is.
pub fn muted_topic(market: &Market, number: u64) -> Option<&str> {
    let mut rng = market.key("mute@1").row(number);
    let topics = &market.catalogue.topics;
    let is_muted = rng.permille(80);
    rng.pick(topics).filter(|_| is_muted).map(String::as_str)
}

fn mute(market: &Market, number: u64, rows: &mut Rows) {
    let Some(topic) = muted_topic(market, number) else {
        return;
    };
    let mut rng = market.key("mute.at@1").row(number);
    rows.begin(3);
    rows.id(number);
    rows.text(topic);
    rows.i64(moment(
        &mut rng,
        market.person(number).created_at,
        market.to,
        1.0,
    ));
    rows.end();
}

/// A few do not want to hear of somebody who was there before them.
fn object_mute(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("object_mute@1").row(number);
    if number == 0 || !rng.permille(15) {
        return;
    }
    rows.begin(5);
    rows.id(number);
    rows.id(number);
    rows.text("user");
    rows.id(rng.below(number));
    let since = market.person(number).created_at + MINUTE;
    rows.i64(moment(&mut rng, since, market.to, 1.0));
    rows.end();
}

fn feed(market: &Market, number: u64, rows: &mut Rows) {
    let mut rng = market.key("feed@1").row(number);
    if !rng.permille(550) {
        return;
    }
    let since = market.person(number).created_at;
    let at = moment(&mut rng, since, market.to, 3.0);
    rows.begin(3);
    rows.id(number);
    rows.i64((at - rng.below(DAY as u64).cast_signed()).max(since));
    rows.i64(at);
    rows.end();
}
