-- Gives a filled market what grows beside its listings: checks and hints, flags, reservations, photos, notices, events,
-- history, tokens. For measurements and plan tests.
--
--     psql -v n=100000 -f bench/fill_beside.sql DATABASE
--
-- Run it as a superuser after fill_listings.sql, with the same n. Triggers rest, as there: the rows are what they would
-- have left. Times spread over the period that a table keeps; the same n gives the same rows, but for the times.

\set ON_ERROR_STOP on

set client_min_messages = warning;
set session_replication_role = replica;
set max_parallel_workers_per_gather = 0;
set jit = off;

-- History needs its partitions. A transaction of its own, like each below: what is there already harms nobody.
select partman.create_partition_time(p.name, array(
    select generate_series(f.first - p.back, f.first - p.step, p.step)))
from (values
    ('ops_data.audit', interval '6 months', interval '1 month'),
    ('ops_data.query_history', '2 months', '1 month'),
    ('market_data.search_misses', '3 months', '1 month'),
    ('notify_data.outbox', '12 weeks', '1 week'),
    ('notify_data.events', '6 days', '1 day')
) as p (name, back, step)
cross join lateral (
    select min(substring(pg_get_expr(c.relpartbound, c.oid) from '''(.*?)''')::timestamptz) as first
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = p.name::regclass
) as f \g /dev/null

begin;
select setseed(0.23) \g /dev/null

create temporary table beside_listings on commit drop as
select row_number() over (order by l.id) as place, l.id, l.kind, l.created_by, l.status, l.created_at,
    coalesce(l.published_at, l.updated_at) as decided_at
from market_data.listings as l;
create unique index on beside_listings (place);

create temporary table beside_people on commit drop as
select row_number() over (order by u.id) as place, u.id from people_data.users as u;
create unique index on beside_people (place);

-- Every listing was checked once, by one of twenty moderators.
insert into market_data.moderation_items (
    listing_id, kind, submitted_at, submitted_by, closed_at, decision, decided_by, reason)
select l.id, l.kind, l.created_at + interval '5 minutes', l.created_by, l.decided_at,
    case when l.status = 'rejected' then 'rejected' else 'approved' end, p.id,
    case when l.status = 'rejected' then 'other' end
from beside_listings as l
join beside_people as p on p.place = 1 + l.place % 20
where l.status not in ('draft', 'pending')
order by l.decided_at;

insert into market_data.moderation_hints (item_id, kind, field, excerpt, created_at)
select i.id, (array['contact', 'price_outlier', 'similar_text'])[1 + i.id % 3], 'description', 'x', i.submitted_at
from market_data.moderation_items as i
where i.id % 4 = 0;

insert into market_data.listing_flags (
    listing_id, user_id, reason, weight, created_at, closed_at, outcome, closed_by)
select l.id, p.id, (array['spam', 'wrong_category', 'prohibited', 'sold_elsewhere'])[1 + i % 4], 1, t.at,
    case when i % 50 > 0 then t.at + interval '1 day' end, case when i % 50 > 0 then 'dismissed' end,
    case when i % 50 > 0 then p.id end
from generate_series(1, :n / 10) as i
join beside_listings as l on l.place = 1 + (i::bigint * 7919) % :n
join beside_people as p on p.place = 1 + (i::bigint * 31) % (select count(*) from beside_people)
cross join lateral (select now() - interval '300 days' * (1 - i::float8 / (:n / 10)) as at) as t;

insert into market_data.reservations (
    id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at, closed_by)
select gen_random_uuid(), l.id, p.id, 1, 'RUB', 100000, s.state, l.decided_at,
    case when s.state <> 'held' then l.decided_at + interval '1 day' end, case when s.state <> 'held' then p.id end
from generate_series(1, :n / 5) as i
join beside_listings as l on l.place = 1 + (i::bigint * 104729) % :n
join beside_people as p on p.place = 1 + (i::bigint * 17) % (select count(*) from beside_people)
cross join lateral (select case i % 20 when 0 then 'held' when 1 then 'sold' else 'released' end as state) as s;

-- Nine of ten pictures are like no other; the tenth is a maker's own, which many listings show.
insert into market_data.listing_photos (
    id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at, perceptual_hash)
select gen_random_uuid(), l.id, p.position, 'photos/' || left(h.digits, 2) || '/' || h.digits, 'image/webp', 1280, 960,
    120000, l.created_at,
    case when l.place % 10 > 0 then hashtextextended(h.digits, 1)
        else hashtextextended('maker' || l.place / 10 % 1000, 2) # (1::bigint << (l.place % 61)::integer) end
from beside_listings as l
cross join generate_series(1, 3) as p (position)
cross join lateral (select encode(sha256(convert_to(l.id || '-' || p.position, 'UTF8')), 'hex') as digits) as h
where l.place <= :n / 5;

insert into people_data.identities (provider, subject, user_id, username, linked_at, seen_at)
select 'telegram', (1000000000 + p.place)::text, p.id, 'user_' || left(md5(p.id::text), 8), now() - interval '400 days',
    now() - interval '1 day'
from beside_people as p;

insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at, revoked_at)
select gen_random_uuid(), 'session', p.id, 'web', sha256(convert_to(p.id || '-' || i, 'UTF8')), array['read', 'write'],
    t.at, t.at + interval '30 days', case when i = 1 then t.at + interval '1 day' end
from beside_people as p
cross join generate_series(1, 3) as i
cross join lateral (select now() - interval '80 days' * random() as at) as t;

insert into people_data.sign_ins (proof_hash, user_id, used_at)
select sha256(convert_to('sign-in ' || p.id, 'UTF8')), p.id, now() - interval '70 hours' * random()
from beside_people as p;

insert into ops_data.audit (at, actor_id, action, object_type, object_id)
select now() - interval '180 days' * (1 - i::float8 / :n), p.id, 'listing.approve', 'listing', l.id::text
from generate_series(1, :n, 4) as i
join beside_people as p on p.place = 1 + i % 20
join beside_listings as l on l.place = i;

insert into ops_data.idempotency_keys (actor_id, key, route, request_hash, created_at)
select p.id, 'key-' || p.id, '/v1/listings', sha256('x'), now() - interval '30 hours' * random()
from beside_people as p;

insert into ops_data.job_runs (job_name, started_at)
select j.name, now() - i * interval '7 days' / greatest(:n / 100, 100)
from ops_data.jobs as j
cross join generate_series(1, greatest(:n / 100, 100)) as i;

insert into ops_data.query_history (at, queryid, calls, total_ms, row_count, blocks_read)
select date_trunc('hour', now()) - h * interval '1 hour', q, 100, 100 * random(), 100, 0
from generate_series(1, 50 * 24) as h
cross join generate_series(1, greatest(:n / 5000, 20)) as q;

insert into market_data.search_misses (at, query, filters)
select now() - interval '85 days' * (1 - i::float8 / (:n / 5)), 'слово ' || i % 5000, '{}'
from generate_series(1, :n / 5) as i;

insert into notify_data.outbox (event_at, user_id, lane, kind, dedup_key, data, created_at, outcome, done_at)
select t.at, p.id, k.lane, k.kind, 'listing:' || i, '{"title": "Фара левая"}', t.at,
    case when i <= :n / 2 * 0.99 then 'sent' end, case when i <= :n / 2 * 0.99 then t.at + interval '2 seconds' end
from generate_series(1, :n / 2) as i
join beside_people as p on p.place = 1 + (i::bigint * 13) % (select count(*) from beside_people)
cross join (select k.kind, k.lane from notify_data.kinds as k where k.kind = 'listing.approved') as k
cross join lateral (select now() - interval '80 days' * (1 - i::float8 / (:n / 2)) as at) as t;

insert into notify_data.queue (id, event_at, recipient, lane, kind, queued_at, due_at, state)
select o.id, o.event_at, o.recipient, o.lane, o.kind, o.created_at,
    case when o.id % 10 = 0 then 'infinity' else o.created_at end, case when o.id % 10 = 0 then 'dead' else 'waiting' end
from notify_data.outbox as o
where o.outcome is null;

insert into notify_data.events (at, type, user_id, event_at, data)
select t.at, 'listing.changed', p.id, t.at, '{}'
from generate_series(1, :n / 4) as i
join beside_people as p on p.place = 1 + (i::bigint * 13) % (select count(*) from beside_people)
cross join lateral (select now() - interval '6 days' * (1 - i::float8 / (:n / 4)) as at) as t;

commit;

set session_replication_role = origin;
vacuum (analyze) market_data.moderation_items, market_data.moderation_hints, market_data.listing_flags,
    market_data.reservations, market_data.listing_photos, market_data.search_misses, people_data.identities,
    people_data.tokens, people_data.sign_ins, ops_data.audit, ops_data.idempotency_keys, ops_data.job_runs,
    ops_data.query_history, notify_data.outbox, notify_data.queue, notify_data.events;
