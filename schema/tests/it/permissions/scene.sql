-- The people and things of the permission matrix, with numbers that the matrix knows by heart.
-- A hundred and something: people. 1000 and something: what `owner` owns. 2000 and something: what
-- the shop owns, made by somebody who has left it since.

-- The catalogue, with fields that nobody demands.
insert into catalog_data.categories (id, parent_id, kind, slug, name_ru, name_en)
values
    (3001, null, 'part', 'scene-parts', 'Части', 'Parts'),
    (3002, 3001, 'part', 'scene-pads', 'Колодки', 'Pads');
insert into catalog_data.places (id, slug, name_ru, name_en, region_ru, region_en, population)
values (3001, 'scene', 'Город', 'Town', 'Край', 'Region', 1);
insert into catalog_data.brands (id, slug, name, kind)
values (3001, 'scene-one', 'Scene one', 'part'), (3002, 'scene-two', 'Scene two', 'part');
insert into catalog_data.makes (id, slug, name, name_ru, country)
values (3001, 'scene', 'Scene', 'Сцена', 'DE');
insert into catalog_data.models (id, make_id, slug, name, name_ru)
values (3001, 3001, 'scene', 'Scene', 'Сцена');
insert into catalog_data.generations (id, model_id, slug, name, year_from, body)
values (3001, 3001, 'one', 'One', 2000, 'sedan'), (3002, 3001, 'two', 'Two', 2010, 'sedan');

insert into people_data.users (id, role, display_name, language, created_at, updated_at)
select v.id, v.role, v.name, 'en', ops.clock_now() - interval '1 year', ops.clock_now()
from (
    values
        (101, 'user', 'Owner'), (102, 'user', 'Shop owner'), (103, 'user', 'Shop manager'),
        (104, 'user', 'Shop seller'), (105, 'user', 'Removed'), (106, 'user', 'Stranger'),
        (107, 'user', 'Buyer'), (108, 'moderator', 'Moderator'), (109, 'admin', 'Admin'),
        (110, 'user', 'Somebody'), (111, 'user', 'Blocked')
) as v (id, role, name);

insert into people_data.bans (user_id, reason, until, created_at)
values (111, 'test', 'infinity', ops.clock_now());

insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
values (
    '018f0000-0000-7000-8000-000000001001', 'personal', 101, 'secret name', decode(lpad('1001', 64, '0'), 'hex'),
    '{read}', ops.clock_now(), ops.clock_now() + interval '1 day');

insert into people_data.exports (id, user_id, at, by_operator)
values ('018f0000-0000-7000-8000-000000001001', 101, ops.clock_now(), false);

insert into market_data.shops (id, name, created_by, created_at, updated_at)
values (2000, 'The shop', 102, ops.clock_now(), ops.clock_now());
insert into market_data.shop_members (shop_id, user_id, role, joined_at)
values
    (2000, 102, 'owner', ops.clock_now()), (2000, 103, 'manager', ops.clock_now()),
    (2000, 104, 'seller', ops.clock_now());
insert into market_data.shop_invitations (
    id, shop_id, role, token_hash, created_by, created_at, expires_at)
values (
    '018f0000-0000-7000-8000-000000002001', 2000, 'seller', decode(lpad('2001', 64, '0'), 'hex'), 102,
    ops.clock_now(), ops.clock_now() + interval '1 day');
insert into market_data.shop_tokens (
    id, shop_id, user_id, name, token_hash, scopes, created_at, expires_at)
values (
    '018f0000-0000-7000-8000-000000002001', 2000, 102, 'secret name', decode(lpad('2001', 64, '0'), 'hex'),
    '{goods:read}', ops.clock_now(), ops.clock_now() + interval '1 day');

-- 1 draft, 2 pending, 3 published, 4 archived, 5 published and soon to expire, 6 with pieces held,
-- 7 pending and claimed.
insert into market_data.listings (
    id, kind, status, owner_user_id, owner_shop_id, created_by, changed_by, title, description,
    category_id, subcategory_id, part_number, condition, place_id, price_minor, stock_quantity,
    contact_phone, created_at, updated_at, published_at, expires_at)
select
    o.base + s.number, 'part', s.status, o.owner_user_id, o.owner_shop_id, o.created_by,
    o.created_by, 'Front brake pads ' || o.base + s.number, 'private words', 3001, 3002,
    'A' || o.base + s.number, 'new', 3001, 250000, 3,
    '+7 900 000-00-00', ops.clock_now() - interval '20 days', ops.clock_now() - interval '1 hour',
    case when s.status in ('published', 'reserved') then ops.clock_now() - interval '10 days' end,
    case
        when s.number = 5 then ops.clock_now() + interval '3 days'
        when s.status in ('published', 'reserved') then ops.clock_now() + interval '30 days'
        else 'infinity'
    end
from (values (1000, 101, null, 101), (2000, null, 2000, 105))
    as o (base, owner_user_id, owner_shop_id, created_by)
cross join (
    values
        (1, 'draft'), (2, 'pending'), (3, 'published'), (4, 'archived'), (5, 'published'),
        (6, 'published'), (7, 'pending')
) as s (number, status);

-- What the blocked person had published.
insert into market_data.listings (
    id, kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id,
    condition,
    place_id, price_minor, stock_quantity, contact_phone, created_at, updated_at, published_at)
select
    1008, 'part', 'published', 111, 111, 111, 'Front brake pads', l.category_id, l.subcategory_id,
    'new',
    l.place_id, 250000, 3, '+7 900 000-00-00', l.created_at, l.updated_at, l.created_at
from market_data.listings as l
where l.id = 1001;

insert into market_data.moderation_items (
    id, listing_id, kind, submitted_at, submitted_by, claimed_by, claimed_until)
select
    l.id, l.id, 'part', ops.clock_now(), l.created_by,
    case when l.id % 10 = 7 then 108 end,
    case when l.id % 10 = 7 then ops.clock_now() + interval '10 minutes' end
from market_data.listings as l
where l.status = 'pending';

insert into market_data.moderation_hints (id, item_id, kind, field, excerpt, created_at)
select i.id, i.id, 'contact', 'title', 'private words', ops.clock_now()
from market_data.moderation_items as i;

insert into market_data.listing_photos (
    id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at)
select
    ('018f0000-0000-7000-8000-00000000' || l.id)::uuid, l.id, 1, 'private/' || l.id, 'image/webp',
    640, 480, 1000, ops.clock_now()
from market_data.listings as l;

insert into market_data.listing_fitments (
    id, listing_id, generation_id, note, added_by, created_at)
select
    l.id, l.id, 3001, 'private words',
    l.created_by, ops.clock_now()
from market_data.listings as l;

insert into market_data.listing_ads (
    listing_id, text, url, begins_at, ends_at, placed_by, created_at)
select
    l.id, 'Buy', 'https://example.org', ops.clock_now(), ops.clock_now() + interval '1 day', 108,
    ops.clock_now()
from market_data.listings as l
where l.id % 10 = 6;

insert into market_data.reservations (
    id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
select
    ('018f0000-0000-7000-8000-00000000' || l.id)::uuid, l.id, 107, 1, 'RUB', 250000,
    ops.clock_now()
from market_data.listings as l
where l.id % 10 = 6;
-- What the owner has bought of somebody else.
insert into market_data.reservations (
    id, listing_id, buyer_id, quantity, currency, total_minor, created_at)
values (
    '018f0000-0000-7000-8000-000000001009', 2003, 101, 1, 'RUB', 250000, ops.clock_now());

-- Deals: 1 requested, 2 confirmed, 3 handed over to the owner, 4 completed and reviewed, 5 completed.
insert into market_data.reservations (
    id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at)
select
    ('018f0000-0000-7000-8000-00000000' || d.id)::uuid, d.listing_id, d.buyer_id, 1, 'RUB', 250000,
    d.state, ops.clock_now(), case when d.state = 'sold' then ops.clock_now() end
from (
    values
        (1102, 1006, 107, 'held'), (2102, 2006, 107, 'held'), (1103, 2006, 101, 'held'),
        (1104, 1006, 107, 'sold'), (2104, 2006, 107, 'sold'),
        (1105, 1006, 107, 'sold'), (2105, 2006, 107, 'sold')
) as d (id, listing_id, buyer_id, state);
insert into market_data.deals (
    id, listing_id, buyer_id, seller_user_id, seller_shop_id, title, quantity, currency,
    unit_price_minor, total_minor, state, reservation_id, due_at, created_at, changed_at, changed_by)
select
    ('018f0000-0000-7000-8000-00000000' || d.id)::uuid, l.id, d.buyer_id, l.owner_user_id,
    l.owner_shop_id, 'private words', 1, 'RUB', 250000, 250000, d.state, r.id,
    case when d.state in ('requested', 'handed_over') then ops.clock_now() + interval '3 days' end,
    ops.clock_now(), ops.clock_now(), d.buyer_id
from (
    values
        (1101, 1003, 107, 'requested'), (2101, 2003, 107, 'requested'),
        (1102, 1006, 107, 'confirmed'), (2102, 2006, 107, 'confirmed'),
        (1103, 2006, 101, 'handed_over'),
        (1104, 1006, 107, 'completed'), (2104, 2006, 107, 'completed'),
        (1105, 1006, 107, 'completed'), (2105, 2006, 107, 'completed')
) as d (id, listing_id, buyer_id, state)
join market_data.listings as l on l.id = d.listing_id
left join market_data.reservations as r
    on r.id = ('018f0000-0000-7000-8000-00000000' || d.id)::uuid;
insert into market_data.reviews (
    id, deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at)
select
    right(d.id::text, 4)::bigint, d.id, 'of_seller', d.buyer_id, d.seller_key, d.buyer_id, 5, 'Good',
    ops.clock_now(), ops.clock_now()
from market_data.deals as d
where d.id::text ~ '104$';
insert into market_data.ratings (subject, stars_5)
select r.subject, 1
from market_data.reviews as r;

insert into market_data.listing_flags (
    id, listing_id, user_id, reason, note, weight, created_at)
select l.id, l.id, 110, 'spam', 'private words', 1, ops.clock_now()
from market_data.listings as l
where l.status = 'published';

insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
select l.id, 107, ops.clock_now(), ops.clock_now(), 1
from market_data.listings as l
where l.id % 10 in (1, 3);

insert into market_data.favourites (user_id, listing_id, title, added_at)
values (101, 2003, 'private words', ops.clock_now());

insert into market_data.garage_vehicles (
    id, user_id, slot, name, make_id, model_id, generation_id, is_default, created_at, updated_at)
values (
    1001, 101, 1, 'private words', 3001, 3001, 3001, true,
    ops.clock_now(), ops.clock_now());

insert into market_data.saved_searches (
    id, user_id, name, filters, frequency, terms, anchors, since_at, created_at, updated_at)
values (
    1001, 101, 'private words', '{}', 'never', 'pads', '{=}', ops.clock_now(), ops.clock_now(),
    ops.clock_now());
insert into market_data.search_alerts (
    id, saved_search_id, listing_id, user_id, found_at, due_at)
values (1001, 1001, 2003, 101, ops.clock_now(), ops.clock_now());

insert into market_data.forbidden_words (id, word, form, added_by, created_at)
values (1001, 'prohibited', 'exact', 109, ops.clock_now());

insert into catalog_data.part_crosses (
    id, from_brand_id, from_number, to_brand_id, to_number, relation, source, confidence,
    created_at)
values (1001, 3001, 'X1', 3001, 'X2', 'supersedes', 'test', 1, ops.clock_now());

insert into market_data.channels (
    id, chat_id, title, language, is_enabled, created_by, created_at, updated_at)
values (1001, -1001, 'private words', 'ru', true, 109, ops.clock_now(), ops.clock_now());
insert into market_data.channel_posts (
    id, listing_id, channel_id, created_at, shown_look, message_ids, posted_at)
select l.id, l.id, 1001, ops.clock_now(), 'live', array[l.id], ops.clock_now()
from market_data.listings as l
where l.status = 'published';

-- One is the owner's, one of the shop's manager; UUIDs of the past hold their time.
insert into market_data.chats (listing_id, first_message_at, last_message_at)
select l.id, t.at, t.at
from market_data.listings as l
cross join ops_data.uuid_v7_time('018f0000-0000-7000-8000-000000001003') as t (at)
where l.id in (1003, 2003);
insert into market_data.chat_messages (id, sent_at, listing_id, source, author_id, text)
select
    m.id, ops_data.uuid_v7_time(m.id), m.listing_id, 'api', m.author_id, 'public words'
from (
    values
        ('018f0000-0000-7000-8000-000000001003'::uuid, 1003, 101),
        ('018f0000-0000-7000-8000-000000002003'::uuid, 2003, 103)
) as m (id, listing_id, author_id);
insert into market_data.chat_flags (
    id, message_id, listing_id, user_id, reason, note, weight, created_at)
select right(m.id::text, 4)::bigint, m.id, m.listing_id, 110, 'spam', 'private words', 1,
    ops.clock_now()
from market_data.chat_messages as m;
insert into market_data.chat_rights (id, user_id, listing_id, until, granted_by, granted_at)
values (1001, 110, 1001, 'infinity', 109, ops.clock_now());
insert into market_data.chat_mutes (
    id, user_id, listing_id, message_id, until, reason, muted_by, muted_at)
values (
    1001, 110, 1001, '018f0000-0000-7000-8000-000000001003', 'infinity', 'private words', 108,
    ops.clock_now());

-- A draft for everybody, and something for the owner that could not be delivered.
insert into notify_data.broadcasts (
    id, text_ru, text_en, created_by, created_at, updated_at)
values (1001, 'Слова', 'private words', 109, ops.clock_now(), ops.clock_now());
insert into notify_data.outbox (
    id, event_at, user_id, lane, kind, dedup_key, data, created_at)
values (
    1001, ops.clock_now(), 101, 'notice', 'listing.approved', 'private words', '{}',
    ops.clock_now());
insert into notify_data.queue (
    id, event_at, recipient, lane, kind, queued_at, due_at, state, attempts)
select o.id, o.event_at, o.user_id, o.lane, o.kind, o.created_at, 'infinity', 'dead', 12
from notify_data.outbox as o
where o.id = 1001;

-- The numbers above were not taken from the sequences.
select setval(s.oid::regclass, 100000)
from pg_class as s
join pg_namespace as n on n.oid = s.relnamespace
where s.relkind = 'S'
    and n.nspname in ('people_data', 'market_data', 'catalog_data', 'notify_data');

insert into market_data.promotions (
    id, kind, listing_id, created_by, text, begins_at, ends_at, state, currency, price_minor,
    payment, payment_reference, paid_at, decided_by, created_at, updated_at)
select
    v.id, 'insertion', v.listing, v.person, 'Buy', ops.clock_now() - interval '1 hour',
    ops.clock_now() + interval '1 day', v.state,
    case when v.state = 'approved' then 'RUB' end, case when v.state = 'approved' then 100 end,
    v.payment, case when v.payment = 'paid' then 'p' || v.id end,
    case when v.payment = 'paid' then ops.clock_now() end,
    case when v.state = 'approved' then 108 end, ops.clock_now(), ops.clock_now()
from (
    values
        (1003, 1003, 101, 'requested', 'unpaid'), (2003, 2003, 102, 'requested', 'unpaid'),
        (1004, 1003, 101, 'approved', 'unpaid'), (2004, 2003, 102, 'approved', 'unpaid'),
        (1005, 1003, 101, 'approved', 'paid'), (2005, 2003, 102, 'approved', 'paid')
) as v (id, listing, person, state, payment);

insert into notify_data.webhooks (id, shop_id, url, secret, born, told_xid, created_by, created_at)
values (
    2001, 2000, 'https://example.org/secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '1:1:', 1, 102, ops.clock_now());
insert into notify_data.webhook_deliveries (
    id, created_at, webhook_id, event_id, event_at, type, object_key, state, due_at)
values (2001, ops.clock_now(), 2001, 1, ops.clock_now(), 'a.b', 'a', 'dead', ops.clock_now());
