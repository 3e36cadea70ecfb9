//! People and listings drawn from a market that is there: whom a load test lets act, and what they look at.

use tokio_postgres::Client;

use crate::Error;

/// A listing that anybody may see, with what another one like it would need.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Its number.
    pub id: i64,
    /// Who may sell it: its owner, or an owner of its shop.
    pub seller: i64,
    /// `car`, `part` or `service`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: i64,
    /// Its subcategory.
    pub subcategory: i64,
    /// Its brand in the catalogue, if it is one of those.
    pub brand: Option<i64>,
    /// Its part number; empty without one.
    pub part_number: String,
    /// `new`, `used` or `rebuilt`.
    pub condition: String,
    /// Where it is sold.
    pub place: i64,
    /// The extra fields, as JSON.
    pub attributes: String,
    /// The currency of its price.
    pub currency: String,
    /// The price of a piece in hundredths.
    pub price_minor: i64,
    /// Pieces that can still be sold.
    pub stock: i32,
}

/// Whether somebody said that this database may be filled with made-up data.
///
/// # Errors
/// When the database refuses.
pub async fn is_marked(client: &Client) -> Result<bool, Error> {
    let marked = client
        .query_opt(
            "select from ops_data.settings as s where s.key = 'seeder.allowed' and s.value = 'true'",
            &[],
        )
        .await?;
    Ok(marked.is_some())
}

/// At most so many people with this role who are not blocked; the same ones for the same seed and people.
///
/// # Errors
/// When the database refuses.
pub async fn people(client: &Client, role: &str, seed: u64, most: u32) -> Result<Vec<i64>, Error> {
    let rows = client
        .query(
            "select u.id
             from people_data.users as u
             where u.role = $1 and not exists (select from people.blocked as b where b.user_id = u.id)
             order by hashint8extended(u.id, $2), u.id
             limit $3",
            &[&role, &seed.cast_signed(), &i64::from(most)],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// At most so many listings that anybody may see and that somebody may sell; the same ones for the same seed and listings.
///
/// # Errors
/// When the database refuses.
pub async fn listings(client: &Client, seed: u64, most: u32) -> Result<Vec<Drawn>, Error> {
    let rows = client
        .query(
            "with drawn as materialized (
                 select l.id
                 from market_data.listings as l
                 where l.status = 'published' and l.expires_at > ops.clock_now()
                 order by hashint8extended(l.id, $1), l.id
                 limit $2
             )
             select p.listing_id, k.seller, p.kind, p.title, p.category_id, p.subcategory_id, p.brand_id,
                 p.part_number, p.condition, p.place_id, p.attributes::text, p.currency, p.price_minor,
                 p.stock_quantity
             from drawn as d
             join market.listing_public as p on p.listing_id = d.id
             cross join lateral (
                 select coalesce(p.seller_user_id, (
                     select min(m.user_id)
                     from market_data.shop_members as m
                     where m.shop_id = p.seller_shop_id and m.role = 'owner'
                         and not exists (select from people.blocked as b where b.user_id = m.user_id)
                 )) as seller
             ) as k
             where k.seller is not null
             order by hashint8extended(p.listing_id, $1), p.listing_id",
            &[&seed.cast_signed(), &i64::from(most)],
        )
        .await?;
    let drawn = rows.iter().map(|row| Drawn {
        id: row.get(0),
        seller: row.get(1),
        kind: row.get(2),
        title: row.get(3),
        category: row.get(4),
        subcategory: row.get(5),
        brand: row.get(6),
        part_number: row.get(7),
        condition: row.get(8),
        place: row.get(9),
        attributes: row.get(10),
        currency: row.get(11),
        price_minor: row.get(12),
        stock: row.get(13),
    });
    Ok(drawn.collect())
}
