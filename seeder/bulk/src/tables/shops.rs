//! Shops: what they are called, who acts for them, how those were invited.

use super::{Per, Table};
use crate::copy::{Rows, id};
use crate::market::Market;
use crate::permute::Permutation;
use crate::season::{DAY, HOUR, MINUTE};
use crate::words;

pub const SHOPS: Table = Table {
    name: "market_data.shops",
    version: 1,
    columns: &[
        "id",
        "name",
        "description",
        "place_id",
        "created_by",
        "created_at",
        "updated_at",
    ],
    per: Per::Shop,
    write: shop,
};

pub const MEMBERS: Table = Table {
    name: "market_data.shop_members",
    version: 1,
    columns: &["shop_id", "user_id", "role", "invited_by", "joined_at"],
    per: Per::Shop,
    write: members,
};

pub const INVITATIONS: Table = Table {
    name: "market_data.shop_invitations",
    version: 1,
    columns: &[
        "id",
        "shop_id",
        "role",
        "token_hash",
        "created_by",
        "created_at",
        "expires_at",
        "used_by",
        "used_at",
    ],
    per: Per::Shop,
    write: invitations,
};

/// A name that no other shop has, whatever the case: one of each list, by a permutation of all that there are; the second round
/// gets a number.
fn name(market: &Market, number: u64) -> String {
    let (what, called, whose) = (words::shops("a"), words::shops("b"), words::shops("c"));
    let all = (what.len() * called.len() * whose.len()) as u64;
    let at = Permutation::new(market.key("shop.name@1"), all).apply(number % all) as usize;
    let pick =
        |words: &[&'static str], at: usize| words.get(at % words.len()).copied().unwrap_or("");
    let (first, rest) = (pick(&what, at), at / what.len());
    let (second, third) = (pick(&called, rest), pick(&whose, rest / called.len()));
    match number / all {
        0 => format!("{first} {second} {third}"),
        round => format!("{first} {second} {third} {}", round + 1),
    }
}

const ABOUT: [&str; 6] = [
    "Контрактные агрегаты и кузовные детали с гарантией на проверку.",
    "Расходники для планового обслуживания. Опт от пяти штук.",
    "Новые и б/у запчасти для иномарок, отправка по всей стране.",
    "Свой склад и разборка. Подбор по VIN.",
    "Parts for Japanese and Korean cars, new and used.",
    "Работаем с 2009 года. Возврат в течение двух недель.",
];

fn shop(market: &Market, number: u64, rows: &mut Rows) {
    let mut shop = market.shop(number);
    rows.begin(7);
    rows.id(number);
    rows.text(&name(market, number));
    rows.text(
        shop.rng
            .pick(&ABOUT)
            .copied()
            .filter(|_| !number.is_multiple_of(9))
            .unwrap_or(""),
    );
    rows.i64(shop.place);
    rows.id(Market::founder(number));
    rows.i64(shop.created_at);
    rows.i64(shop.created_at);
    rows.end();
}

fn members(market: &Market, number: u64, rows: &mut Rows) {
    let founder = Market::founder(number);
    for member in market.shop(number).members {
        rows.begin(5);
        rows.id(number);
        rows.id(member.person);
        rows.text(member.role);
        rows.opt((member.person != founder).then_some(founder), Rows::id);
        rows.i64(member.joined_at);
        rows.end();
    }
}

/// Whoever is not the founder came by an invitation.
fn invitations(market: &Market, number: u64, rows: &mut Rows) {
    let founder = Market::founder(number);
    let mut rng = market.key("invitation@1").row(number);
    let shop = market.shop(number);
    for member in shop
        .members
        .iter()
        .filter(|member| member.person != founder)
    {
        let waited = MINUTE + rng.below(HOUR as u64) as i64;
        let created_at = (member.joined_at - waited).max(shop.created_at);
        rows.begin(9);
        rows.uuid_v7(
            created_at,
            u128::from(rng.next()) << 64 | u128::from(rng.next()),
        );
        rows.i64(id(number));
        rows.text(member.role);
        let token = [rng.next(), rng.next(), rng.next(), rng.next()];
        rows.text_with(|bytes| {
            token
                .iter()
                .for_each(|part| bytes.extend_from_slice(&part.to_be_bytes()));
        });
        rows.id(founder);
        rows.i64(created_at);
        rows.i64(created_at + 3 * DAY);
        rows.id(member.person);
        rows.i64(member.joined_at);
        rows.end();
    }
}
