//! The market of `kardan seed` on a real database: the same rows whatever the way, every rule of the database kept, and refusals.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use kardan_bulk::tables::{DERIVED, LEFT_OUT, TABLES};
use kardan_bulk::{Error, Mode, Options, Progress, Report};
use kardan_migrations::Depth;
use kardan_testdb::{Database, Session};
use tokio_util::sync::CancellationToken;

/// 2024-01-01 and 2026-01-01 in microseconds since 2000-01-01.
const TIME: (i64, i64) = (8_766 * 86_400_000_000, 9_497 * 86_400_000_000);

pub fn options(listings: u64) -> Options {
    Options {
        seed: 19,
        listings,
        jobs: 1,
        time: TIME,
        counted_days: 28,
        mode: Mode::New,
        only: Vec::new(),
        adversarial: false,
        contract: None,
        chunk: None,
    }
}

pub async fn seed(db: &Database, options: &Options) -> Result<Report, Error> {
    let config = db.url_as("postgres").parse()?;
    let stop = CancellationToken::new();
    kardan_bulk::seed(&config, options, &Arc::new(Progress::default()), &stop).await
}

pub async fn marked() -> anyhow::Result<Database> {
    let db = Database::create().await?;
    kardan_bulk::mark(&db.url_as("postgres").parse()?).await?;
    Ok(db)
}

/// Of each table: rows, and a hash over all of them in whatever order they lie.
pub async fn content(session: &Session) -> anyhow::Result<BTreeMap<String, (i64, String)>> {
    let names = TABLES.iter().map(|table| table.relation());
    let mut found = BTreeMap::new();
    for name in names.chain(DERIVED.iter().map(|derived| derived.name)) {
        let row = session
            .query_one(
                &format!(
                    "select count(*), coalesce(md5(string_agg(k.hash, '' order by k.hash)), '')
                     from (select md5(t::text) as hash from {name} as t) as k"
                ),
                &[],
            )
            .await?;
        found.insert(name.to_owned(), (row.get(0), row.get(1)));
    }
    Ok(found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_job_four_jobs_growth_and_a_resumed_run_give_the_same_rows() -> anyhow::Result<()> {
    let whole = marked().await?;
    let report = seed(&whole, &options(1_700)).await?;
    let wanted = content(&whole.superuser().await?).await?;
    assert!(report.rows > 1_700);
    let made = kardan_bulk::calibrate(&whole.url_as("postgres").parse()?, &options(1_700)).await?;
    for table in made {
        let there = report
            .tables
            .get(table.table)
            .map(|filled| &filled.fingerprint);
        assert_eq!(there, Some(&table.fingerprint), "{}", table.table);
    }

    let many = marked().await?;
    let mut four = options(1_700);
    (four.jobs, four.chunk) = (4, Some(130));
    let other = seed(&many, &four).await?;
    assert_eq!(other.tables, report.tables);
    assert_eq!(content(&many.superuser().await?).await?, wanted);

    let grown = marked().await?;
    seed(&grown, &options(600)).await?;
    let mut more = options(1_700);
    (more.jobs, more.mode) = (2, Mode::Append);
    assert_eq!(seed(&grown, &more).await?.tables, report.tables);
    assert_eq!(content(&grown.superuser().await?).await?, wanted);

    // Stopped when the first chunks are there.
    let stopped = marked().await?;
    let mut small = options(1_700);
    small.chunk = Some(100);
    let config = stopped.url_as("postgres").parse()?;
    let (progress, stop) = (Arc::new(Progress::default()), CancellationToken::new());
    let watch = async {
        while progress
            .tables()
            .iter()
            .all(|(_, counts)| counts.rows.load(Ordering::Relaxed) < 300)
        {
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(kardan_bulk::seed(&config, &small, &progress, &stop), watch);
    assert!(matches!(ended, Err(Error::Stopped)), "{ended:?}");
    let mut resume = options(1);
    resume.mode = Mode::Resume;
    assert_eq!(seed(&stopped, &resume).await?.tables, report.tables);
    assert_eq!(content(&stopped.superuser().await?).await?, wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_run_that_has_ended_lets_the_next_one_in_at_once() -> anyhow::Result<()> {
    let db = marked().await?;
    seed(&db, &options(100)).await?;
    // Many, because a server sees soon that a connection is gone, and only mostly too late.
    for run in 0..200 {
        let refused = seed(&db, &options(100)).await.err();
        assert!(
            matches!(refused, Some(Error::AlreadySeeded)),
            "{run}: {refused:?}"
        );
    }
    Ok(())
}

/// Indexes and constraints with their definitions, and whether they are valid.
async fn structure(session: &Session) -> anyhow::Result<Vec<String>> {
    let rows = session
        .query(
            "select pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid from pg_index as i
             join pg_class as c on c.oid = i.indrelid
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname like '%\\_data' and not c.relispartition
             union all
             select format('%s %s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
             from pg_constraint as c
             join pg_namespace as n on n.oid = c.connamespace
             where n.nspname like '%\\_data' and c.conparentid = 0
                 and not (select k.relispartition from pg_class as k where k.oid = c.conrelid)
             order by 1",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_index_and_key_is_there_again_and_the_program_goes_on_from_the_last_number()
-> anyhow::Result<()> {
    let db = marked().await?;
    let session = db.superuser().await?;
    let before = structure(&session).await?;
    seed(&db, &options(300)).await?;
    assert_eq!(structure(&session).await?, before);
    let left: i64 = session
        .query_one("select count(*) from ops_data.seed_rebuilds", &[])
        .await?
        .get(0);
    assert_eq!(left, 0);
    let person = db.person(kardan_schema::Role::User).await?;
    let listing = db
        .listing(person, &kardan_testdb::ListingFixture::default())
        .await?;
    assert_eq!(listing.0, 301);
    // What others added would be in the way of growth.
    let mut more = options(600);
    more.mode = Mode::Append;
    let refused = seed(&db, &more).await;
    assert!(
        matches!(&refused, Err(Error::NotEmpty(table)) if table == "people_data.users"),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_database_is_refused_with_the_reason() -> anyhow::Result<()> {
    let db = Database::create().await?;
    assert!(matches!(
        seed(&db, &options(100)).await,
        Err(Error::NotMarked)
    ));
    kardan_bulk::mark(&db.url_as("postgres").parse()?).await?;

    let with = |change: fn(&mut Options)| {
        let mut options = options(100);
        change(&mut options);
        options
    };
    let other = with(|options| options.contract = Some("another".to_owned()));
    assert!(matches!(seed(&db, &other).await, Err(Error::WrongContract)));
    let short = with(|options| options.time.1 = options.time.0);
    assert!(matches!(seed(&db, &short).await, Err(Error::Time)));
    let unknown = with(|options| options.only = vec!["market_data.nothing".to_owned()]);
    assert!(matches!(
        seed(&db, &unknown).await,
        Err(Error::UnknownTable(_))
    ));
    for mode in [Mode::Append, Mode::Resume] {
        let mut early = options(100);
        early.mode = mode;
        assert!(matches!(
            seed(&db, &early).await,
            Err(Error::NothingThere(_))
        ));
    }

    seed(&db, &options(100)).await?;
    assert!(matches!(
        seed(&db, &options(100)).await,
        Err(Error::AlreadySeeded)
    ));
    let seeds = with(|options| (options.mode, options.seed) = (Mode::Append, 20));
    assert!(matches!(
        seed(&db, &seeds).await,
        Err(Error::AnotherMarket("seed"))
    ));

    let session = db.superuser().await?;
    session
        .batch_execute("select pg_advisory_lock(7737591410256142061)")
        .await?;
    let locked = with(|options| options.mode = Mode::Resume);
    assert!(matches!(seed(&db, &locked).await, Err(Error::Busy)));

    let used = marked().await?;
    used.person(kardan_schema::Role::User).await?;
    assert!(matches!(
        seed(&used, &options(100)).await,
        Err(Error::NotEmpty(_))
    ));
    let api = used.url_as("kardan_api").parse()?;
    let stop = CancellationToken::new();
    let ended = kardan_bulk::seed(&api, &options(100), &Arc::new(Progress::default()), &stop).await;
    assert!(matches!(ended, Err(Error::Rights)), "{ended:?}");
    Ok(())
}

#[tokio::test]
async fn every_table_of_the_domains_is_seeded_or_left_out_for_a_reason() -> anyhow::Result<()> {
    let db = Database::create().await?;
    let session = db.superuser().await?;
    let rows = session
        .query(
            "select n.nspname || '.' || c.relname from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname in ('people_data', 'market_data', 'notify_data')
                 and c.relkind in ('r', 'p') and not c.relispartition and c.relname !~ '_default$'
             order by 1",
            &[],
        )
        .await?;
    let there: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let ours: Vec<&str> = TABLES
        .iter()
        .map(|table| table.relation())
        .chain(DERIVED.iter().map(|derived| derived.name))
        .chain(LEFT_OUT.iter().map(|(name, _)| *name))
        .collect();
    let forgotten: Vec<&String> = there
        .iter()
        .filter(|name| !ours.contains(&name.as_str()))
        .collect();
    assert!(
        forgotten.is_empty(),
        "neither seeded nor left out: {forgotten:?}"
    );
    for (name, reason) in LEFT_OUT {
        assert!(there.iter().any(|table| table == name), "{name} is gone");
        assert!(reason.len() > 10, "{name}");
    }
    Ok(())
}

/// What must hold in every market, each as a query that finds what breaks it.
const RULES: [(&str, &str); 28] = [
    (
        "a listing is where its last step led",
        "select l.id from market_data.listings as l
         cross join lateral (
             select e.to_status from market_data.listing_events as e
             where e.listing_id = l.id order by e.at desc, e.id desc limit 1) as e
         where e.to_status <> l.status",
    ),
    (
        "every step is legal and follows the one before",
        "select e.listing_id from (
             select e.*, lag(e.to_status) over w as former, lag(e.at) over w as former_at, row_number() over w as place
             from market_data.listing_events as e window w as (partition by e.listing_id order by e.id)) as e
         where e.from_status is distinct from e.former or e.at < e.former_at
             or (e.place = 1) <> (e.event = 'created')
             or (e.from_status <> e.to_status and not exists (
                 select from market_data.listing_moves as m
                 where m.from_status = e.from_status and m.to_status = e.to_status and m.event = e.event))",
    ),
    (
        "nothing happened before the market opened or after it is shown",
        "select e.listing_id from market_data.listing_events as e cross join ops_data.seed_markets as m
         where e.at not between m.opened_at and m.shown_at
         union all
         select l.id from market_data.listings as l cross join ops_data.seed_markets as m
         where l.updated_at not between l.created_at and m.shown_at",
    ),
    (
        "the price of a listing is its last one",
        "select l.id from market_data.listings as l
         cross join lateral (
             select p.* from market_data.listing_prices as p where p.listing_id = l.id order by p.id desc limit 1) as p
         where (p.price_minor, p.wholesale_price_minor, p.wholesale_min_quantity, p.currency)
             is distinct from (l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity, l.currency)",
    ),
    (
        "a reservation costs what the pieces cost then",
        "select r.listing_id from market_data.reservations as r
         cross join lateral (
             select p.* from market_data.listing_prices as p
             where p.listing_id = r.listing_id and p.at <= r.created_at order by p.at desc limit 1) as p
         where r.total_minor <> market.listing_total(
             p.price_minor, p.wholesale_price_minor, p.wholesale_min_quantity, r.quantity)",
    ),
    (
        "stock and status follow from what is put aside",
        "select l.id from market_data.listings as l
         where (l.status = 'published') and l.stock_quantity < 1
             or (l.status in ('reserved', 'sold') and l.stock_quantity > 0)
             or (l.status = 'reserved') <> (l.status <> 'published' and exists (
                 select from market_data.reservations as r where r.listing_id = l.id and r.state = 'held'))",
    ),
    (
        "who waits for a moderator is in the queue, and nobody else",
        "select l.id from market_data.listings as l
         where (l.status = 'pending') <> exists (
             select from market_data.moderation_items as i where i.listing_id = l.id and i.closed_at is null)",
    ),
    (
        "moderators decide, and buyers buy from others",
        "select i.listing_id from market_data.moderation_items as i
         join people_data.users as u on u.id = i.decided_by where u.role = 'user' or u.id = i.submitted_by
         union all
         select r.listing_id from market_data.reservations as r
         join market_data.listings as l on l.id = r.listing_id
         where r.buyer_id = l.owner_user_id or exists (
             select from market_data.shop_members as m where m.shop_id = l.owner_shop_id and m.user_id = r.buyer_id)",
    ),
    (
        "nobody acts before they came or after they were blocked",
        "select e.listing_id from market_data.listing_events as e
         join people_data.users as u on u.id = e.actor_id
         left join people_data.bans as b on b.user_id = u.id
         where e.at < u.created_at or e.at > b.created_at
         union all
         select r.listing_id from market_data.reservations as r
         join people_data.users as u on u.id = r.buyer_id where r.created_at < u.created_at",
    ),
    (
        "who sells for a shop is one of it by then",
        "select l.id from market_data.listings as l
         where l.owner_shop_id is not null and not exists (
             select from market_data.shop_members as m
             where m.shop_id = l.owner_shop_id and m.user_id = l.created_by and m.joined_at < l.created_at)",
    ),
    (
        "what is published has not expired, and what is not never does",
        "select l.id from market_data.listings as l cross join ops_data.seed_markets as m
         where (l.status = 'published' and l.expires_at <= m.shown_at)
             or (l.published_at is null) <> (l.expires_at = 'infinity')",
    ),
    (
        "the cover is the first photo",
        "select l.id from market_data.listings as l
         left join market_data.listing_photos as p on p.listing_id = l.id and p.position = 1
         where p.storage_key is distinct from l.cover_key",
    ),
    (
        "a part fits cars in years in which they were made, each once",
        "select f.listing_id from market_data.listing_fitments as f
         join catalog_data.generations as g on g.id = f.generation_id
         where f.year_from < g.year_from or f.year_to > coalesce(g.year_to, 2025)",
    ),
    (
        "VINs have their check digit",
        "select v.id from market_data.garage_vehicles as v
         where v.vin is not null and catalog.vin_check_digit(v.vin) <> substr(v.vin, 9, 1)
         union all
         select l.id from market_data.listings as l
         where l.attributes ? 'vin' and catalog.vin_check_digit(l.attributes ->> 'vin') <> substr(l.attributes ->> 'vin', 9, 1)",
    ),
    (
        "a phone is a Russian mobile one, and a title has words",
        "select l.id from market_data.listings as l
         where l.contact_phone !~ '^(\\+7 9\\d{2} \\d{3}-\\d{2}-\\d{2}|89\\d{9})$' or l.title !~ '[[:alpha:]]{3}'",
    ),
    (
        "a deal costs what its reservation does, and each reservation is of a deal",
        "select r.listing_id from market_data.reservations as r
         where not exists (
             select from market_data.deals as d
             where d.reservation_id = r.id and d.total_minor = r.total_minor and d.buyer_id = r.buyer_id
                 and d.listing_id = r.listing_id
                 and r.state = case d.state when 'completed' then 'sold' when 'cancelled' then 'released' else 'held' end)",
    ),
    (
        "a deal is where its last step led, by legal steps, and nothing is overdue",
        "select d.listing_id from market_data.deals as d cross join ops_data.seed_markets as m
         cross join lateral (
             select (array_agg(e.to_state order by e.id desc))[1] as state, max(e.at) as at, bool_and(
                 e.from_state is null or exists (
                     select from market_data.deal_moves as v
                     where v.from_state = e.from_state and v.to_state = e.to_state)) as is_legal
             from market_data.deal_events as e where e.deal_id = d.id) as e
         where e.state <> d.state or e.at <> d.changed_at or not e.is_legal or d.due_at < m.shown_at
             or e.at > m.shown_at",
    ),
    (
        "reviews come after their deals and are written by its sides",
        "select d.listing_id from market_data.reviews as r
         join market_data.deals as d on d.id = r.deal_id cross join ops_data.seed_markets as m
         where r.created_at <= d.changed_at or r.created_at > m.shown_at or r.answered_at > m.shown_at
             or (r.direction = 'of_buyer' and d.seller_shop_id is not null and not exists (
                 select from market_data.shop_members as s
                 where s.shop_id = d.seller_shop_id and s.user_id = r.author_id))",
    ),
    (
        "notices are told to whoever did not do it, after they came, and not to who muted them",
        "select o.id from notify_data.outbox as o
         join people_data.users as u on u.id = o.user_id
         join market_data.deals as d on d.id = (o.data ->> 'deal_id')::uuid
         left join market_data.deal_events as e on e.deal_id = d.id and e.at = o.event_at and e.actor_id <> o.user_id
         where u.created_at > o.event_at or (e.id is null and o.kind <> 'deal.expired')
             or exists (select from notify_data.mutes as m where m.user_id = u.id and m.topic = 'deals')
             or o.data ->> 'title' <> d.title or (o.data ->> 'total_minor')::bigint <> d.total_minor",
    ),
    (
        "partitions hold what belongs to them, and nothing is left over",
        "select e.id from market_data.listing_events_default as e
         union all select e.id from market_data.deal_events_default as e
         union all select e.id from notify_data.outbox_default as e
         union all select e.id from ops_data.audit_default as e
         union all select e.listing_id from market_data.contact_clicks_default as e
         union all select e.listing_id from market_data.listing_views_default as e
         union all select e.listing_id from market_data.chat_messages_default as e",
    ),
    (
        "a chat reaches from its first message to its last",
        "select coalesce(c.listing_id, k.listing_id) from market_data.chats as c
         full join (
             select m.listing_id, min(m.sent_at) as first_at, max(m.sent_at) as last_at,
                 max(m.sent_at) filter (where m.author_id = l.created_by) as read_at
             from market_data.chat_messages as m
             join market_data.listings as l on l.id = m.listing_id
             group by m.listing_id) as k on k.listing_id = c.listing_id
         where (c.first_message_at, c.last_message_at, c.read_at) is distinct from (k.first_at, k.last_at, k.read_at)
             or c.told_at not between c.first_message_at and c.last_message_at",
    ),
    (
        "people talk beneath what is published, after they came and while they may",
        "select m.listing_id from market_data.chat_messages as m
         join market_data.listings as l on l.id = m.listing_id
         join people_data.users as u on u.id = m.author_id cross join ops_data.seed_markets as k
         left join market_data.shop_members as s on s.shop_id = l.owner_shop_id and s.user_id = m.author_id
         where (m.sent_at < l.published_at) is not false or m.sent_at < u.created_at or m.sent_at > k.shown_at
             or m.sent_at < s.joined_at or m.changed_at not between m.sent_at and k.shown_at
             or (m.state = 'deleted' and m.changed_by <> m.author_id)
             or exists (select from market_data.chats as c where c.listing_id = l.id and c.switched_by <> l.created_by)
         union all
         select m.listing_id from market_data.chat_messages as m
         join people_data.bans as b on b.user_id = m.author_id where m.sent_at > b.created_at",
    ),
    (
        "a number of a message carries its time, and an answer follows what it answers",
        "select m.listing_id from market_data.chat_messages as m
         left join market_data.chat_messages as r on r.id = m.reply_to
         where ops_data.uuid_v7_time(m.id) <> date_trunc('milliseconds', m.sent_at)
             or (m.reply_to is not null and (r.listing_id = m.listing_id and r.sent_at < m.sent_at) is not true)
         union all
         select min(m.listing_id) from market_data.chat_messages as m group by m.id having count(*) > 1",
    ),
    (
        "a saved search is as the program would have made it",
        "select s.id from market_data.saved_searches as s
         join people_data.users as u on u.id = s.user_id cross join ops_data.seed_markets as k
         cross join lateral market.saved_search_terms(s.query, s.filters) as t
         where (s.terms, s.anchors) is distinct from (t.terms, t.anchors)
             or s.created_at < u.created_at or s.created_at > k.shown_at
             or s.filters <> market.search_filters(
                 s.filters ->> 'kind', (s.filters -> 'category')::bigint, (s.filters -> 'subcategory')::bigint, null,
                 (s.filters -> 'place')::bigint, null, null, (s.filters -> 'price_max')::bigint, s.filters ->> 'currency',
                 (s.filters -> 'in_stock')::boolean, null, null, null, null, null)
         union all
         select min(s.id) from market_data.saved_searches as s group by s.user_id having count(*) > 50",
    ),
    (
        "who asked for contacts is counted once, looked at it too, and does not sell it",
        "select p.listing_id from market_data.contact_people as p
         full join (
             select c.listing_id, c.clicker, min(c.at) as first_at, max(c.at) as last_at, count(*) as clicks
             from market_data.contact_clicks as c where c.clicker > 0 group by c.listing_id, c.clicker) as c
             on c.listing_id = p.listing_id and c.clicker = p.user_id
         where (p.first_at, p.last_at, p.clicks) is distinct from (c.first_at, c.last_at, c.clicks::integer)
         union all
         select c.listing_id from market_data.contact_clicks as c
         where c.clicker > 0
         group by c.listing_id, (c.at at time zone 'UTC')::date
         having count(distinct c.clicker) > (
             select count(*) from market_data.listing_views as v
             where v.listing_id = c.listing_id and v.day = (min(c.at) at time zone 'UTC')::date)
         union all
         select v.listing_id from market_data.listing_views as v where v.viewer > 0",
    ),
    (
        "nobody looks at or puts aside what is not published by then",
        "select c.listing_id from market_data.contact_clicks as c
         join market_data.listings as l on l.id = c.listing_id where (c.at < l.published_at) is not false
         union all
         select f.listing_id from market_data.favourites as f
         join market_data.listings as l on l.id = f.listing_id
         where (f.added_at < l.published_at) is not false or f.user_id = l.owner_user_id or f.title <> l.title",
    ),
    (
        "the published price is kept where there is another one since",
        "select l.id from market_data.listings as l
         left join market_data.published_prices as p on p.listing_id = l.id
         where l.published_at is not null
             and ((select count(*) from market_data.listing_prices as k where k.listing_id = l.id) > 1)
                 <> (p.listing_id is not null)",
    ),
    (
        "search finds what is published, and nothing else",
        "select l.id from market_data.listings as l
         where (l.status = 'published') <> exists (
             select from market_data.search_entries as e where e.listing_id = l.id)",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_program_guarantees_holds_for_seeded_rows() -> anyhow::Result<()> {
    for adversarial in [false, true] {
        let db = marked().await?;
        let mut many = options(3_000);
        (many.jobs, many.adversarial) = (2, adversarial);
        seed(&db, &many).await?;
        let mut session = db.superuser().await?;
        for (rule, query) in RULES {
            if adversarial && rule.starts_with("a phone") {
                continue;
            }
            let broken = session
                .query(
                    &format!("select k.id from ({query}) as k (id) limit 5"),
                    &[],
                )
                .await
                .map_err(|error| anyhow::anyhow!("{rule}: {error:?}"))?;
            let broken: Vec<i64> = broken.iter().map(|row| row.get(0)).collect();
            assert!(broken.is_empty(), "not so: {rule}: {broken:?}");
        }
        // Extra fields are what their subcategory asks for: raises what is wrong otherwise.
        session
            .batch_execute(
                "select catalog.attributes_check(l.kind, l.subcategory_id, l.attributes)
                 from market_data.listings as l",
            )
            .await?;
        session
            .batch_execute("select market.ratings_check()")
            .await?;
        // What is derived is what the program derives.
        let before = content(&session).await?;
        let empty: Vec<&String> = before
            .iter()
            .filter(|(_, (rows, _))| *rows == 0)
            .map(|(name, _)| name)
            .collect();
        assert!(empty.is_empty(), "the rules say nothing of {empty:?}");
        session
            .batch_execute("select market_data.search_entries_store(1, 3000)")
            .await?;
        assert_eq!(content(&session).await?, before);
        let mut findings = kardan_migrations::doctor(&mut session).await?;
        findings.extend(kardan_migrations::deep(&mut session, Depth::default()).await?);
        let bad: Vec<_> = findings
            .iter()
            // The server of tests is set for speed.
            .filter(|f| f.level == kardan_migrations::Level::Failure && f.check != "setting")
            .collect();
        assert!(bad.is_empty(), "{bad:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_market_looks_like_one() -> anyhow::Result<()> {
    let db = marked().await?;
    let mut many = options(4_000);
    many.jobs = 2;
    seed(&db, &many).await?;
    let session = db.superuser().await?;
    let share = async |what: &str| -> anyhow::Result<f64> {
        let query = format!("select avg(({what})::integer)::float8 from market_data.listings as l");
        Ok(session.query_one(&query, &[]).await?.get(0))
    };
    for (what, least, most) in [
        ("l.status = 'published'", 0.45, 0.85),
        ("l.status in ('sold', 'reserved')", 0.03, 0.3),
        ("l.kind = 'part'", 0.88, 0.94),
        ("l.owner_shop_id is not null", 0.4, 0.52),
        ("l.title ~ '[а-я]'", 0.6, 0.95),
        ("l.wholesale_price_minor is not null", 0.02, 0.2),
        (
            "extract(hour from l.created_at at time zone 'Europe/Moscow') between 2 and 5",
            0.0,
            0.06,
        ),
    ] {
        let got = share(what).await?;
        assert!((least..=most).contains(&got), "{what}: {got}");
    }
    let number = async |query: &str| -> anyhow::Result<f64> {
        Ok(session.query_one(query, &[]).await?.get(0))
    };
    // The commonest part numbers and sellers are met far more often than most, and numbers are shared.
    let top = number(
        "select (max(k.n) / avg(k.n))::float8 from (
             select count(*) as n from market_data.listings as l
             where l.owner_shop_id is not null group by l.owner_shop_id) as k",
    )
    .await?;
    assert!(top > 4.0, "{top}");
    let shared = number(
        "select (count(*) filter (where k.n > 1))::float8 from (
             select count(*) as n from market_data.listings as l
             where l.part_number_norm <> '' group by l.part_number_norm) as k",
    )
    .await?;
    assert!(shared > 100.0, "{shared}");
    // Prices of one thing lie around its median: engines cost more than filters.
    let ratio = number(
        "select ((percentile_cont(0.5) within group (order by l.price_minor) filter (where c.slug = 'engine-assembly'))
             / (percentile_cont(0.5) within group (order by l.price_minor) filter (where c.slug = 'oil-filters')))::float8
         from market_data.listings as l join catalog_data.categories as c on c.id = l.subcategory_id",
    )
    .await?;
    assert!(ratio > 10.0, "{ratio}");
    Ok(())
}
