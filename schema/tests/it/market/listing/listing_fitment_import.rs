//! Statements of fitment from a file and into one.

use kardan_schema::market::{
    self, ListingFitmentExport, ListingFitmentImport, ListingFitmentTaken,
};
use kardan_schema::{Db, Error, ListingId, Reason, Role, ShopId, Status, UserId};

use super::Scene;
use crate::locks::{backend, until_blocked};
use crate::plans::{Explained, Mode};
use crate::support::reason;

/// A row of a file: listing, make, model, generation, years, note.
pub(super) type Line<'a> = [&'a str; 7];

/// A generation of the starting catalogue, 2003 to 2009.
const GOLF: [&str; 3] = ["Volkswagen", "Golf", "V"];

pub(super) fn golf<'a>(listing: &'a str, from: &'a str, to: &'a str, note: &'a str) -> Line<'a> {
    [listing, GOLF[0], GOLF[1], GOLF[2], from, to, note]
}

pub(super) fn file(
    actor: UserId,
    listing: Option<ListingId>,
    shop: Option<ShopId>,
    lines: &[Line<'_>],
) -> ListingFitmentImport {
    let column = |at: usize| lines.iter().map(|line| line[at].to_owned()).collect();
    ListingFitmentImport {
        actor,
        listing,
        shop,
        rows: (2..).take(lines.len()).collect(),
        listings: column(0),
        makes: column(1),
        models: column(2),
        generations: column(3),
        years_from: column(4),
        years_to: column(5),
        notes: column(6),
    }
}

pub(super) async fn take(
    db: &impl Db,
    file: &ListingFitmentImport,
) -> Result<Vec<ListingFitmentTaken>, Error> {
    market::listing_fitment_import(db, file).await
}

/// The answers in short: outcome, reason, detail.
pub(super) fn told(rows: &[ListingFitmentTaken]) -> Vec<(&str, &str, &str)> {
    rows.iter()
        .map(|row| {
            (
                row.outcome.as_str(),
                row.reason.as_deref().unwrap_or_default(),
                row.detail.as_deref().unwrap_or_default(),
            )
        })
        .collect()
}

impl Scene {
    /// What a listing says: generation, years, note.
    pub(super) async fn says(&self, listing: ListingId) -> anyhow::Result<Vec<String>> {
        let rows = market::listing_fitment_view(&*self.api, self.seller, listing).await?;
        Ok(rows
            .iter()
            .map(|row| {
                let year =
                    |year: Option<i32>| year.map_or("…".to_owned(), |year| year.to_string());
                let (from, to) = (year(row.year_from), year(row.year_to));
                format!(
                    "{} {} {from}-{to} {}",
                    row.model_name, row.generation_name, row.note
                )
            })
            .collect())
    }

    /// The years of the generation that the rows here are about.
    async fn golf_years(&self) -> anyhow::Result<(i32, i32)> {
        let row = self
            .admin
            .query_one(
                "select v.year_from, v.year_to from catalog.vehicle_match(array[$1], array[$2], array[$3]) as v",
                &[&GOLF[0], &GOLF[1], &GOLF[2]],
            )
            .await?;
        Ok((row.get(0), row.get(1)))
    }
}

#[tokio::test]
async fn every_row_is_answered_and_the_good_ones_are_taken() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (from, to) = scene.golf_years().await?;
    assert_eq!((from, to), (2003, 2009));
    let listing = scene.listing(Status::Draft).await?;
    let number = listing.to_string();
    let long = "я".repeat(301);
    let lines = [
        golf("", "2004", "2005", " кроме GT "),
        ["", "фольксваген", "гольф", "v", "2006", "2006", ""],
        [&number, "VOLKSWAGEN", "golf", "V", "", "2003", ""],
        golf("", "2004", "2005", ""),
        golf("", "2005", "2007", ""),
        ["", "Wartburg", "Golf", "V", "", "", ""],
        ["", "Volkswagen", "Gilf", "V", "", "", ""],
        ["", "Volkswagen", "Golf", "XV", "", "", ""],
        ["", "", "", "", "", "", ""],
        golf("", "2002", "2003", ""),
        golf("", "2008", "2010", ""),
        golf("", "2008", "2007", ""),
        golf("", "08", "", ""),
        golf("", "", "2008.5", ""),
        golf("", "2007", "2008", &long),
        golf("999999999", "2007", "2008", ""),
        golf("x", "2007", "2008", ""),
        golf("", "2007", "", ""),
    ];
    let answers = take(
        &*scene.api,
        &file(scene.seller, Some(listing), None, &lines),
    )
    .await?;
    assert_eq!(
        told(&answers),
        [
            ("added", "", ""),
            ("added", "", ""),
            ("added", "", ""),
            ("refused", "fitment_row_duplicate", ""),
            ("refused", "fitment_row_overlap", "2004-2005"),
            ("refused", "fitment_row_vehicle", "make"),
            ("refused", "fitment_row_vehicle", "model"),
            ("refused", "fitment_row_vehicle", "generation"),
            ("refused", "fitment_row_vehicle", "make"),
            ("refused", "listing_fitment_outside_generation", "2003-2009"),
            ("refused", "listing_fitment_outside_generation", "2003-2009"),
            ("refused", "listing_fitment_years", ""),
            ("refused", "fitment_row_year", "year_from"),
            ("refused", "fitment_row_year", "year_to"),
            ("refused", "listing_fitment_note_length", ""),
            ("refused", "fitment_row_listing", "999999999"),
            ("refused", "fitment_row_listing", "x"),
            ("added", "", ""),
        ]
    );
    let numbers: Vec<i32> = answers.iter().map(|row| row.row_number).collect();
    assert_eq!(numbers, (2..20).collect::<Vec<_>>());
    let mut says = scene.says(listing).await?;
    says.sort();
    assert_eq!(
        says,
        [
            "Golf V 2004-2005 кроме GT",
            "Golf V 2006-2006 ",
            "Golf V 2007-… ",
            "Golf V …-2003 "
        ]
    );
    // One batch moves the version on once; taken again, the file adds nothing.
    assert_eq!(scene.version(listing).await?, 2);
    let again = take(
        &*scene.api,
        &file(scene.seller, Some(listing), None, &lines),
    )
    .await?;
    assert_eq!(
        again
            .iter()
            .filter(|row| row.outcome == "unchanged")
            .count(),
        5
    );
    assert!(again.iter().all(|row| row.outcome != "added"));
    assert_eq!(scene.version(listing).await?, 2);
    Ok(())
}

#[tokio::test]
async fn what_is_undone_was_a_rehearsal_and_batches_know_one_another() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let mut session = scene.db.as_role("kardan_api").await?;
    let tx = session.transaction().await?;
    let lines = [golf("", "2004", "2005", "звоните")];
    let file = file(scene.seller, Some(listing), None, &lines);
    assert_eq!(told(&take(&tx, &file).await?), [("added", "", "")]);
    assert_eq!(
        told(&take(&tx, &file).await?),
        [("refused", "fitment_row_duplicate", "")]
    );
    tx.rollback().await?;
    assert!(scene.says(listing).await?.is_empty());
    let row = scene.inside(listing).await?;
    assert_eq!((row.status, row.version), (Status::Published, 1));
    Ok(())
}

#[tokio::test]
async fn a_note_on_a_published_listing_is_checked_and_one_that_cannot_be_is_undone()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let shown = scene.listing(Status::Published).await?;
    let lines = [golf("", "2004", "2005", "")];
    take(&*scene.api, &file(scene.seller, Some(shown), None, &lines)).await?;
    assert_eq!(scene.inside(shown).await?.status, Status::Published);
    let lines = [
        golf("", "2006", "2007", "звоните"),
        golf("", "2008", "", "и пишите"),
    ];
    let answers = take(&*scene.api, &file(scene.seller, Some(shown), None, &lines)).await?;
    assert_eq!(told(&answers), [("added", "", ""), ("added", "", "")]);
    assert_eq!(
        (
            scene.inside(shown).await?.status,
            scene.waiting(shown).await?
        ),
        (Status::Pending, 1)
    );

    let bare = scene.listing(Status::Published).await?;
    scene
        .set(bare, "contact_phone = '', contact_telegram = ''")
        .await?;
    let lines = [
        golf("", "2004", "2005", "звоните"),
        golf("", "2006", "2007", ""),
    ];
    let answers = take(&*scene.api, &file(scene.seller, Some(bare), None, &lines)).await?;
    assert_eq!(
        told(&answers),
        [
            ("refused", "listing_contact_required", ""),
            ("added", "", "")
        ]
    );
    assert_eq!(scene.says(bare).await?, ["Golf V 2006-2007 "]);
    assert_eq!(scene.inside(bare).await?.status, Status::Published);
    Ok(())
}

#[tokio::test]
async fn a_shop_takes_rows_for_its_own_listings_alone() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, first) = scene.shop().await?;
    let second = scene.listing(Status::Sold).await?;
    let owned = format!("owner_user_id = null, owner_shop_id = {shop}");
    scene.set(second, &owned).await?;
    let claimed = scene.listing(Status::Pending).await?;
    scene.set(claimed, &owned).await?;
    scene.claim(claimed).await?;
    let private = scene.listing(Status::Published).await?;
    let numbers = [first, second, claimed, private].map(|one| one.to_string());
    let mut lines: Vec<Line<'_>> = numbers
        .iter()
        .map(|number| golf(number, "2004", "2005", ""))
        .collect();
    lines.push(golf("", "2004", "2005", ""));
    let answers = take(&*scene.api, &file(scene.seller, None, Some(shop), &lines)).await?;
    assert_eq!(
        told(&answers),
        [
            ("added", "", ""),
            ("refused", "listing_not_editable", "sold"),
            ("refused", "listing_under_review", ""),
            ("refused", "fitment_row_listing", numbers[3].as_str()),
            ("refused", "fitment_row_listing", ""),
        ]
    );
    let stranger = scene.db.person(Role::User).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    for (actor, shop, expected) in [
        (stranger, shop, Reason::ShopRoleRequired),
        (moderator, shop, Reason::ShopRoleRequired),
        (scene.seller, ShopId(-1), Reason::ShopUnknown),
    ] {
        let answer = take(&*scene.api, &file(actor, None, Some(shop), &lines)).await;
        assert_eq!(reason(answer), expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_listing_takes_rows_from_its_people_and_from_moderators_who_are_recorded()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Published).await?;
    let moderator = scene.db.person(Role::Moderator).await?;
    let stranger = scene.db.person(Role::User).await?;
    let lines = [
        golf("", "2004", "2005", "проверено"),
        golf("", "2006", "", ""),
    ];
    assert_eq!(
        reason(take(&*scene.api, &file(stranger, Some(listing), None, &lines)).await),
        Reason::ListingNotYours
    );
    let answers = take(&*scene.api, &file(moderator, Some(listing), None, &lines)).await?;
    assert_eq!(told(&answers), [("added", "", ""), ("added", "", "")]);
    let row = scene.inside(listing).await?;
    assert_eq!((row.status, row.version), (Status::Published, 1));
    let audit: i64 = scene
        .admin
        .query_one(
            "select count(*) from ops_data.audit as a
             where a.action = 'listing.fitment_import' and a.actor_id = $1 and a.details @> '{\"added\": 2}'",
            &[&moderator],
        )
        .await?
        .get(0);
    assert_eq!(audit, 1);
    let sold = scene.listing(Status::Sold).await?;
    assert_eq!(
        reason(take(&*scene.api, &file(scene.seller, Some(sold), None, &lines)).await),
        Reason::ListingNotEditable
    );
    Ok(())
}

#[tokio::test]
async fn a_batch_is_of_one_target_and_its_columns_are_of_one_length() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, listing) = scene.shop().await?;
    let lines = [golf("", "2004", "2005", "")];
    let good = file(scene.seller, Some(listing), None, &lines);
    let many = vec![lines[0]; 1001];
    for odd in [
        file(scene.seller, None, None, &lines),
        file(scene.seller, Some(listing), Some(shop), &lines),
        file(scene.seller, Some(listing), None, &many),
        ListingFitmentImport {
            notes: Vec::new(),
            ..good.clone()
        },
        ListingFitmentImport {
            rows: vec![2, 3],
            ..good.clone()
        },
    ] {
        assert_eq!(
            reason(take(&*scene.api, &odd).await),
            Reason::FitmentBatchUneven
        );
    }
    let nothing = file(scene.seller, Some(listing), None, &[]);
    assert!(take(&*scene.api, &nothing).await?.is_empty());
    assert_eq!(scene.version(listing).await?, 2);
    Ok(())
}

#[tokio::test]
async fn the_hundredth_vehicle_is_the_last() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let listing = scene.listing(Status::Draft).await?;
    scene
        .admin
        .execute(
            "insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select $1, g.id, $2, ops.clock_now() - interval '1 hour'
             from (select g.id from catalog_data.generations as g order by g.id desc limit 99) as g",
            &[&listing, &scene.seller],
        )
        .await?;
    let lines = [golf("", "2004", "2004", ""), golf("", "2005", "2005", "")];
    let answers = take(
        &*scene.api,
        &file(scene.seller, Some(listing), None, &lines),
    )
    .await?;
    assert_eq!(
        told(&answers),
        [("added", "", ""), ("refused", "listing_fitment_limit", "")]
    );
    Ok(())
}

#[tokio::test]
async fn two_imports_of_one_shop_come_one_after_the_other() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, listing) = scene.shop().await?;
    let number = listing.to_string();
    let mut first = scene.db.as_role("kardan_api").await?;
    let second = scene.db.as_role("kardan_api").await?;
    let waiting = backend(&second).await?;
    let tx = first.transaction().await?;
    let lines = [golf(&number, "2004", "2005", "")];
    let wish = file(scene.seller, None, Some(shop), &lines);
    take(&tx, &wish).await?;
    let other = tokio::spawn(async move { take(&*second, &wish).await });
    until_blocked(&scene.db, waiting).await?;
    tx.commit().await?;
    assert_eq!(told(&other.await??), [("unchanged", "", "")]);
    Ok(())
}

#[tokio::test]
async fn every_vehicle_of_the_catalogue_is_found_by_its_names() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let lost: Vec<String> = scene
        .admin
        .query(
            "with named as (
                 select
                     array_agg(k.name order by g.id) as makes, array_agg(m.name order by g.id) as models,
                     array_agg(g.name order by g.id) as generations, array_agg(g.id order by g.id) as ids
                 from catalog_data.generations as g
                 join catalog_data.models as m on m.id = g.model_id
                 join catalog_data.makes as k on k.id = m.make_id)
             select concat_ws(' ', n.makes[v.place], n.models[v.place], n.generations[v.place])
             from named as n
             cross join lateral catalog.vehicle_match(n.makes, n.models, n.generations) as v
             where v.generation_id is distinct from n.ids[v.place]",
            &[],
        )
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
    Ok(())
}

#[tokio::test]
async fn a_file_is_written_in_parts_for_its_people() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, first) = scene.shop().await?;
    let second = scene.listing(Status::Draft).await?;
    let owned = format!("owner_user_id = null, owner_shop_id = {shop}");
    scene.set(second, &owned).await?;
    let numbers = [first, second].map(|one| one.to_string());
    let lines = [
        golf(&numbers[1], "2004", "2004", ""),
        golf(&numbers[0], "2005", "2005", "=1+1"),
        golf(&numbers[0], "", "2003", ""),
        golf(&numbers[1], "2006", "", ""),
    ];
    take(&*scene.api, &file(scene.seller, None, Some(shop), &lines)).await?;
    let mut ask = ListingFitmentExport {
        actor: scene.seller,
        listing: None,
        shop: Some(shop),
        limit: Some(3),
        after_listing: None,
        after: None,
    };
    let page = market::listing_fitment_export(&*scene.api, &ask).await?;
    let order: Vec<_> = page
        .iter()
        .map(|row| (row.listing_id, row.year_from))
        .collect();
    assert_eq!(
        order,
        [(first, Some(2005)), (first, None), (second, Some(2004))]
    );
    assert_eq!(page[0].note, "=1+1");
    (ask.after_listing, ask.after) = (Some(second), Some(page[2].fitment_id));
    let rest = market::listing_fitment_export(&*scene.api, &ask).await?;
    assert_eq!((rest.len(), rest[0].year_from), (1, Some(2006)));

    let of = |actor, listing, shop| ListingFitmentExport {
        actor,
        listing,
        shop,
        limit: Some(1),
        after_listing: None,
        after: None,
    };
    let one =
        market::listing_fitment_export(&*scene.api, &of(scene.seller, Some(first), None)).await?;
    let after = ListingFitmentExport {
        after: Some(one[0].fitment_id),
        ..of(scene.seller, Some(first), None)
    };
    let next = market::listing_fitment_export(&*scene.api, &after).await?;
    assert_eq!((one[0].year_from, next[0].year_from), (Some(2005), None));
    let stranger = scene.db.person(Role::User).await?;
    for (ask, expected) in [
        (of(stranger, None, Some(shop)), Reason::ShopRoleRequired),
        (of(stranger, Some(first), None), Reason::ListingUnknown),
        (of(stranger, Some(second), None), Reason::ListingUnknown),
        (of(stranger, None, None), Reason::ListingUnknown),
    ] {
        let answer = market::listing_fitment_export(&*scene.api, &ask).await;
        assert_eq!(reason(answer), expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_shops_file_walks_its_listings_by_index() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (shop, _, listing) = scene.shop().await?;
    scene
        .admin
        .batch_execute(&format!(
            "alter table market_data.listings disable trigger user;
             insert into market_data.listings (
                 kind, status, owner_user_id, owner_shop_id, created_by, changed_by, title, category_id, subcategory_id,
                 condition, place_id, price_minor, stock_quantity, created_at, updated_at)
             select l.kind, 'draft', case when n % 10 > 0 then {seller} end, case when n % 10 = 0 then {shop} end,
                 {seller}, {seller}, l.title, l.category_id, l.subcategory_id, 'new', l.place_id, 100, 1,
                 l.created_at, l.created_at
             from market_data.listings as l
             cross join generate_series(1, 20000) as n
             where l.id = {listing};
             insert into market_data.listing_fitments (listing_id, generation_id, added_by, created_at)
             select l.id, 1, {seller}, l.created_at from market_data.listings as l;
             analyze market_data.listings; analyze market_data.listing_fitments",
            seller = scene.seller,
        ))
        .await?;
    for mode in [Mode::Custom, Mode::Generic] {
        let call = format!(
            "select from market.listing_fitment_export({}, null, {shop}, 500, {listing}, 0)",
            scene.seller
        );
        let plan = Explained::run(&scene.db, mode, &call).await?;
        plan.assert_index("listings_owner_shop_id_idx");
        plan.assert_index("listing_fitment_unique");
        plan.assert_no_full_scan("listings");
        plan.assert_no_full_scan("listing_fitments");
        // Taking a row over looks only at its own listing.
        let take = format!(
            "select from market.listing_fitment_import({}, null, {shop}, array[2], array['{listing}'], array['Volkswagen'],
                 array['Golf'], array['V'], array['2004'], array['2005'], array[''])",
            scene.seller
        );
        let plan = Explained::run(&scene.db, mode, &take).await?;
        plan.assert_no_full_scan("listings");
        plan.assert_no_full_scan("listing_fitments");
    }
    Ok(())
}
