//! Listings whose photos look alike: `photo_lookalikes` with its helper `photo_probes` and the index of hashes.

use kardan_schema::market::{self, ListingPhotoAdd};
use kardan_schema::{ListingId, Role, Status};
use kardan_testdb::ListingFixture;

use super::Scene;
use super::listing_photo_add::photo;
use crate::plans::{Explained, Mode};

const HASH: i64 = 0x5a3c_96e1_0f78_b42d;

/// The hash with these bits turned.
fn turned(bits: &[u32]) -> i64 {
    bits.iter().fold(HASH, |hash, bit| hash ^ (1 << bit))
}

/// A listing of somebody in this state with photos of these hashes.
async fn showing(
    scene: &Scene,
    status: Status,
    hashes: &[Option<i64>],
) -> anyhow::Result<ListingId> {
    let owner = scene.db.person(Role::User).await?;
    let fixture = ListingFixture {
        stock_quantity: 3,
        ..ListingFixture::default()
    };
    let listing = scene.db.listing(owner, &fixture).await?;
    for (number, hash) in hashes.iter().enumerate() {
        let wish = ListingPhotoAdd {
            perceptual_hash: *hash,
            ..photo(owner, listing, &format!("ab/{number}"))
        };
        market::listing_photo_add(&*scene.api, &wish).await?;
    }
    // What nobody may see any more is set without its history: only the state counts here.
    scene
        .admin
        .batch_execute(&format!(
            "set session_replication_role = replica;
             update market_data.listings
             set status = '{status}',
                 rejection_reason = case when '{status}' = 'rejected' then 'other' end
             where id = {listing};
             set session_replication_role = origin"
        ))
        .await?;
    Ok(listing)
}

async fn alike(scene: &Scene, listing: ListingId) -> anyhow::Result<Vec<(ListingId, i32)>> {
    let rows = scene
        .admin
        .query(
            "select p.listing_id, p.distance from market.photo_lookalikes($1) as p",
            &[&listing],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn six_bits_are_alike_wherever_they_are_and_seven_are_not() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mine = showing(&scene, Status::Pending, &[Some(HASH)]).await?;
    let same = showing(&scene, Status::Published, &[Some(HASH)]).await?;
    let spread = [0, 15, 16, 31, 47, 63];
    let near = showing(&scene, Status::Published, &[Some(turned(&spread))]).await?;
    let heap = [20, 21, 22, 23, 24, 25];
    let heaped = showing(&scene, Status::Reserved, &[Some(turned(&heap))]).await?;
    let sign = showing(&scene, Status::Pending, &[Some(turned(&[63]))]).await?;
    showing(
        &scene,
        Status::Published,
        &[Some(turned(&[0, 1, 16, 17, 32, 33, 48]))],
    )
    .await?;
    showing(&scene, Status::Published, &[Some(!HASH)]).await?;
    assert_eq!(
        alike(&scene, mine).await?,
        [(same, 0), (sign, 1), (heaped, 6), (near, 6)]
    );
    Ok(())
}

#[tokio::test]
async fn every_pattern_of_six_bits_is_found_through_the_index() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let row = scene
        .admin
        .query_one(
            "select count(*) filter (where market_data.photo_hash_bands(h.hash # m.mask)
                     && market.photo_probes(h.hash)),
                 count(*)
             from (values ($1::bigint), (0::bigint), (-1::bigint)) as h (hash)
             cross join (
                 select bit_or(1::bigint << (hashtextextended(i || '-' || n, 7) & 63)::integer) as mask
                 from generate_series(1, 3000) as i
                 cross join generate_series(1, 6) as n
                 group by i
             ) as m",
            &[&HASH],
        )
        .await?;
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (9000, 9000));
    Ok(())
}

#[tokio::test]
async fn of_many_photos_the_closest_counts_and_plain_ones_do_not() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mine = showing(
        &scene,
        Status::Pending,
        &[None, Some(HASH), Some(turned(&[5, 6]))],
    )
    .await?;
    let other = showing(
        &scene,
        Status::Published,
        &[Some(turned(&[1, 2, 3, 4])), Some(turned(&[5])), None],
    )
    .await?;
    showing(&scene, Status::Published, &[None]).await?;
    assert_eq!(alike(&scene, mine).await?, [(other, 1)]);
    let plain = showing(&scene, Status::Pending, &[None]).await?;
    assert_eq!(alike(&scene, plain).await?, []);
    assert_eq!(alike(&scene, ListingId(-1)).await?, []);
    Ok(())
}

#[tokio::test]
async fn what_is_not_for_sale_does_not_count_and_twenty_are_enough() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mine = showing(&scene, Status::Pending, &[Some(HASH)]).await?;
    for status in [
        Status::Draft,
        Status::Rejected,
        Status::Sold,
        Status::Archived,
    ] {
        showing(&scene, status, &[Some(HASH)]).await?;
    }
    assert_eq!(alike(&scene, mine).await?, []);
    let mut last = mine;
    for _ in 0..22 {
        last = showing(&scene, Status::Published, &[Some(HASH)]).await?;
    }
    let found = alike(&scene, mine).await?;
    assert_eq!((found.len(), found[0]), (20, (last, 0)));
    Ok(())
}

#[tokio::test]
async fn a_lookalike_among_many_photos_is_found_by_the_index_alone() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mine = showing(&scene, Status::Pending, &[Some(HASH), Some(!HASH)]).await?;
    let other = showing(&scene, Status::Published, &[Some(turned(&[9]))]).await?;
    // Photos without listings: the keys between the tables rest meanwhile.
    scene
        .admin
        .batch_execute(
            "set session_replication_role = replica;
             insert into market_data.listing_photos (
                 id, listing_id, position, storage_key, content_type, width, height, size_bytes,
                 created_at, perceptual_hash)
             select gen_random_uuid(), 1000000 + i, 1, 'x/' || i, 'image/webp', 1280, 960, 1,
                 ops.clock_now(), hashtextextended(i::text, 1)
             from generate_series(1, 30000) as i;
             set session_replication_role = origin;
             analyze market_data.listing_photos",
        )
        .await?;
    assert_eq!(alike(&scene, mine).await?, [(other, 1)]);
    for mode in [Mode::Custom, Mode::Generic] {
        let call = format!("select p.listing_id from market.photo_lookalikes({mine}) as p");
        let plan = Explained::run(&scene.db, mode, &call).await?;
        plan.assert_index("listing_photos_hash_idx");
        plan.assert_no_full_scan("listing_photos");
    }
    Ok(())
}
