-- Everything that the platform can know of one person, number 1, whose every word holds the mark
-- "zxwk" (in the number of the Telegram account: 7777000011). Number 2 has to do with them: what
-- that one said to them holds "wjfgsaid", and what is nobody's business "wjfgname". 3 is a
-- moderator, 4 an administrator, 5 somebody else.

insert into catalog_data.categories (id, parent_id, kind, slug, name_ru, name_en)
values
    (3001, null, 'part', 'life-parts', 'Части', 'Parts'),
    (3002, 3001, 'part', 'life-pads', 'Колодки', 'Pads');
insert into catalog_data.places (id, slug, name_ru, name_en, region_ru, region_en, population)
values (3001, 'life', 'Город', 'Town', 'Край', 'Region', 1);
insert into catalog_data.makes (id, slug, name, name_ru, country)
values (3001, 'life', 'Life', 'Жизнь', 'DE');
insert into catalog_data.models (id, make_id, slug, name, name_ru)
values (3001, 3001, 'life', 'Life', 'Жизнь');
insert into catalog_data.generations (id, model_id, slug, name, year_from, body)
values (3001, 3001, 'one', 'One', 2000, 'sedan');

insert into people_data.users (id, role, display_name, language, created_at, updated_at)
select v.id, v.role, v.name, 'en', ops.clock_now() - interval '90 days', ops.clock_now()
from (
    values
        (1, 'user', 'Zxwk the person'), (2, 'user', 'wjfgname'), (3, 'moderator', 'wjfgname M'),
        (4, 'admin', 'wjfgname A'), (5, 'user', 'wjfgname E')
) as v (id, role, name);
insert into people_data.identities (
    provider, subject, user_id, username, first_name, last_name, photo_url, linked_at, seen_at)
values
    ('telegram', '7777000011', 1, 'zxwk_user', 'Zxwk', 'Zxwkova', 'https://t.me/zxwk.jpg',
        ops.clock_now(), ops.clock_now()),
    ('oidc', 'https://id.example.org zxwk@example.org', 1, null, null, null, null,
        ops.clock_now(), ops.clock_now()),
    ('telegram', '8888000022', 2, 'wjfgname', 'wjfgname', null, null,
        ops.clock_now(), ops.clock_now());
insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
values (
    gen_random_uuid(), 'session', 1, 'zxwk phone', decode(repeat('01', 32), 'hex'), '{read,write}',
    ops.clock_now(), ops.clock_now() + interval '1 day');
insert into people_data.sign_ins (proof_hash, user_id, used_at)
values (decode(repeat('02', 32), 'hex'), 1, ops.clock_now());
insert into people_data.sign_in_links (
    link_hash, secret_hash, device, code, decoys, created_at, expires_at, user_id, answered_at,
    is_granted)
values (
    decode(repeat('0a', 32), 'hex'), decode(repeat('0b', 32), 'hex'), 'zxwk browser', 42, '{17,88}',
    ops.clock_now(), ops.clock_now() + interval '5 minutes', 1, ops.clock_now(), true);
insert into people_data.bans (
    user_id, reason, until, created_by, created_at, lifted_by, lifted_at, lift_note)
values (
    1, 'zxwk was rude', 'infinity', 4, ops.clock_now() - interval '9 days', 4,
    ops.clock_now() - interval '8 days', 'zxwk is sorry');
insert into people_data.exports (id, user_id, at, by_operator)
values (gen_random_uuid(), 1, ops.clock_now() - interval '2 days', false);

-- 10 is the person's alone; 11 is somebody else's.
insert into market_data.shops (id, name, description, created_by, created_at, updated_at)
values
    (10, 'Zxwk parts', 'zxwk sells', 1, ops.clock_now(), ops.clock_now()),
    (11, 'Parts of others', '', 2, ops.clock_now(), ops.clock_now());
insert into market_data.shop_members (shop_id, user_id, role, invited_by, joined_at)
values
    (10, 1, 'owner', null, ops.clock_now()), (11, 2, 'owner', null, ops.clock_now()),
    (11, 1, 'manager', 2, ops.clock_now()), (11, 5, 'seller', 1, ops.clock_now());
insert into market_data.shop_invitations (
    id, shop_id, role, token_hash, created_by, created_at, expires_at, used_by, used_at)
values
    (gen_random_uuid(), 10, 'seller', decode(repeat('03', 32), 'hex'), 1, ops.clock_now(),
        ops.clock_now() + interval '1 day', null, null),
    (gen_random_uuid(), 11, 'manager', decode(repeat('04', 32), 'hex'), 2, ops.clock_now(),
        ops.clock_now() + interval '1 day', 1, ops.clock_now());
insert into market_data.shop_tokens (
    id, shop_id, user_id, name, token_hash, scopes, created_at, expires_at)
values (
    gen_random_uuid(), 10, 1, 'zxwk books', decode(repeat('05', 32), 'hex'), '{goods:read}',
    ops.clock_now(), ops.clock_now() + interval '1 day');

-- Of the person: one in every state. Of the shop that is theirs alone; of the other shop, made by
-- the person, in the words of the shop; of somebody else.
insert into market_data.listings (
    id, kind, status, owner_user_id, owner_shop_id, created_by, changed_by, title, description,
    category_id, subcategory_id, brand_label, part_number, condition, place_id, attributes,
    price_minor, stock_quantity, contact_name, contact_phone, contact_telegram, cover_key,
    rejection_reason, rejection_note, created_at, updated_at, published_at, expires_at)
select
    v.id, 'part', v.status, v.owner, v.shop, 1, coalesce(v.owner, 1), v.word || ' pads',
    v.word || ' writes', 3001, 3002, v.word, v.word || '01', 'new', 3001,
    jsonb_build_object('colour', v.word), 250000, 3, v.word, v.word || ' 900', v.word,
    'photos/' || v.word,
    case when v.status = 'rejected' then 'other' end,
    case when v.status = 'rejected' then v.word || ' is not allowed' end,
    ops.clock_now() - interval '20 days', ops.clock_now() - interval '1 day',
    case when v.status in ('published', 'reserved') then ops.clock_now() - interval '10 days' end,
    'infinity'
from (
    values
        (1001, 'published', 1, null, 'zxwk'), (1002, 'pending', 1, null, 'zxwk'),
        (1003, 'draft', 1, null, 'zxwk'), (1004, 'sold', 1, null, 'zxwk'),
        (1005, 'archived', 1, null, 'zxwk'), (1006, 'rejected', 1, null, 'zxwk'),
        (1007, 'reserved', 1, null, 'zxwk'), (1010, 'published', null, 10, 'zxwk'),
        (1011, 'published', null, 11, 'shopword'), (2001, 'published', 2, null, 'wjfgname')
) as v (id, status, owner, shop, word);
-- One price after another, as its people make it.
update market_data.listings as l
set price_minor = 240000, updated_at = ops.clock_now()
where l.id = 1001;

insert into market_data.listing_photos (
    id, listing_id, position, storage_key, content_type, width, height, size_bytes, created_at)
select
    gen_random_uuid(), l.id, 1, 'photos/' || replace(l.title, ' ', '-'), 'image/webp', 640, 480, 1000, ops.clock_now()
from market_data.listings as l;
insert into market_data.listing_fitments (listing_id, generation_id, note, added_by, created_at)
select l.id, 3001, l.title, l.created_by, ops.clock_now()
from market_data.listings as l;
insert into market_data.listing_flags (
    listing_id, user_id, reason, note, weight, created_at)
values
    (2001, 1, 'spam', 'zxwk thinks so', 1, ops.clock_now()),
    (1001, 2, 'spam', 'zxwk is the worst', 1, ops.clock_now());
insert into market_data.listing_ads (
    listing_id, text, url, begins_at, ends_at, placed_by, created_at)
values (
    1001, 'Buy', 'https://example.org', ops.clock_now(), ops.clock_now() + interval '1 day', 3,
    ops.clock_now());
insert into market_data.promotions (
    kind, listing_id, created_by, text, begins_at, ends_at, state, decided_by, reason, held_at,
    held_by, hold_reason, created_at, updated_at)
values (
    'insertion', 1001, 1, 'zxwk sells well', ops.clock_now(), ops.clock_now() + interval '1 day',
    'rejected', 3, 'zxwk is not clear', ops.clock_now(), 3, 'zxwk is late', ops.clock_now(),
    ops.clock_now());
insert into market_data.star_payments (
    charge, user_id, telegram_id, payload, stars, state, paid_at)
values ('charge 1', 1, 1001, 'promotion:1', 100, 'stray', ops.clock_now());
insert into market_data.moderation_items (
    id, listing_id, kind, submitted_at, submitted_by, claimed_by, claimed_until, closed_at,
    decision, decided_by, reason, note, edits)
values
    (1001, 1001, 'part', ops.clock_now(), 1, null, null, ops.clock_now(), 'approved', 3, null,
        'zxwk, look', '{"title": {"from": "zxwk pad", "to": "zxwk pads"}}'),
    (1002, 1002, 'part', ops.clock_now(), 1, 3, ops.clock_now() + interval '10 minutes', null,
        null, null, null, null, '{}');
insert into market_data.moderation_hints (item_id, kind, field, excerpt, details, created_at)
values (1002, 'contact', 'title', 'zxwk pads', '{"found": "zxwk"}', ops.clock_now());

insert into market_data.garage_vehicles (
    id, user_id, slot, name, vin, make_id, is_default, created_at, updated_at)
values (1, 1, 1, 'zxwk car', 'ZXWK0000000000001', 3001, true, ops.clock_now(), ops.clock_now());
insert into market_data.saved_searches (
    id, user_id, name, query, filters, frequency, terms, anchors, since_at, created_at, updated_at,
    vehicle_id)
values (
    1, 1, 'zxwk wishes', 'zxwk', '{"word": "zxwk"}', 'hourly', 'zxwk', '{zxwk}', ops.clock_now(),
    ops.clock_now(), ops.clock_now(), 1);
insert into market_data.search_alerts (saved_search_id, listing_id, user_id, found_at, due_at)
values (1, 2001, 1, ops.clock_now(), ops.clock_now());
insert into market_data.favourites (user_id, listing_id, title, added_at)
values
    (1, 2001, 'wjfgname pads', ops.clock_now()), (2, 1001, 'zxwk pads', ops.clock_now()),
    (2, 1010, 'zxwk pads', ops.clock_now());
insert into market_data.price_drops (listing_id, at, currency, old_price_minor, price_minor)
values (1001, ops.clock_now(), 'RUB', 250000, 240000);

insert into market_data.contact_clicks (listing_id, at, clicker, source)
values
    (2001, ops.clock_now() - interval '1 hour', 1, 'web'),
    (2001, ops.clock_now() - interval '3 hours', 1, 'web'),
    (1001, ops.clock_now() - interval '1 hour', 2, 'web');
insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
values
    (2001, 1, ops.clock_now(), ops.clock_now(), 2), (1001, 2, ops.clock_now(), ops.clock_now(), 1);
insert into market_data.contact_notices (
    listing_id, sent_by, sent_at, title, text, people, finished_at)
values (1001, 1, ops.clock_now(), 'zxwk pads', 'zxwk has more', 1, ops.clock_now());

-- Deals: 1 sold by the person and reviewed by both, 2 bought and called off by the person, 3 asked
-- by the person, 4 asked of the person, 5 called off by the other side, 6 bought by the person.
insert into market_data.reservations (
    id, listing_id, buyer_id, quantity, currency, total_minor, state, created_at, closed_at,
    closed_by)
values
    ('00000000-0000-7000-8000-000000000001', 1001, 2, 1, 'RUB', 250000, 'sold', ops.clock_now(),
        ops.clock_now(), 1),
    ('00000000-0000-7000-8000-000000000006', 2001, 1, 1, 'RUB', 250000, 'sold', ops.clock_now(),
        ops.clock_now(), 2),
    ('00000000-0000-7000-8000-000000000009', 2001, 1, 1, 'RUB', 250000, 'held', ops.clock_now(),
        null, null);
insert into market_data.deals (
    id, listing_id, buyer_id, seller_user_id, title, quantity, currency, unit_price_minor,
    total_minor, state, reservation_id, reason, due_at, created_at, changed_at, changed_by)
select
    ('00000000-0000-7000-8000-00000000000' || d.id)::uuid, d.listing_id, d.buyer, d.seller, d.title,
    1, 'RUB', 250000, 250000, d.state, r.id, d.reason,
    case when d.state = 'requested' then ops.clock_now() + interval '3 days' end,
    ops.clock_now() - interval '1 hour', ops.clock_now() - interval '1 hour', d.changed_by
from (
    values
        (1, 1001, 2, 1, 'zxwk pads', 'completed', null, 1),
        (2, 2001, 1, 2, 'wjfgsaid pads', 'cancelled', 'zxwk has changed their mind', 1),
        (3, 2001, 1, 2, 'wjfgsaid pads', 'requested', null, 1),
        (4, 1001, 2, 1, 'zxwk pads', 'requested', null, 2),
        (5, 1001, 2, 1, 'zxwk pads', 'cancelled', 'wjfgsaid no', 2),
        (6, 2001, 1, 2, 'wjfgsaid pads', 'completed', null, 1)
) as d (id, listing_id, buyer, seller, title, state, reason, changed_by)
left join market_data.reservations as r
    on r.id = ('00000000-0000-7000-8000-00000000000' || d.id)::uuid;
insert into market_data.reviews (
    id, deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at,
    answer, answered_at, answered_by, hidden_at, hidden_by, hidden_reason)
values
    (1, '00000000-0000-7000-8000-000000000001', 'of_seller', 2, 1, 2, 5, 'wjfgsaid good',
        ops.clock_now(), ops.clock_now(), 'zxwk says thanks', ops.clock_now(), 1, null, null, null),
    (2, '00000000-0000-7000-8000-000000000001', 'of_buyer', 2, 1, 1, 4, 'zxwk liked them',
        ops.clock_now(), ops.clock_now(), null, null, null, ops.clock_now(), 3,
        'zxwk is not polite'),
    (3, '00000000-0000-7000-8000-000000000006', 'of_seller', 1, 2, 1, 5, 'zxwk is happy',
        ops.clock_now(), ops.clock_now(), null, null, null, null, null, null);
insert into market_data.ratings (subject, stars_5)
values (1, 1);
insert into market_data.rating_news (subject)
values (1);
insert into market_data.platform_reviews (user_id, stars, text, created_at, replaced_at)
values
    (1, 5, 'zxwk likes it', ops.clock_now(), ops.clock_now()),
    (1, 4, 'zxwk likes it less', ops.clock_now(), null);

insert into market_data.channels (
    id, chat_id, title, language, is_enabled, created_by, created_at, updated_at)
values (1, -1001, 'Parts', 'en', true, 4, ops.clock_now(), ops.clock_now());
insert into market_data.channel_posts (
    listing_id, channel_id, created_at, shown_look, shown_value, sent_value, message_ids, posted_at)
values (
    1001, 1, ops.clock_now(), 'live', '{"title": "zxwk pads"}', '{"title": "zxwk pads"}', '{7}',
    ops.clock_now());
insert into market_data.chats (listing_id, first_message_at, last_message_at)
values (1001, ops.clock_now(), ops.clock_now());
insert into market_data.chat_messages (
    id, sent_at, listing_id, source, author_id, text, state, why, changed_at, changed_by)
values (
    ops_data.uuid_v7(ops.clock_now()), ops.clock_now(), 1001, 'api', 1, 'zxwk', 'deleted', 'zxwk',
    ops.clock_now(), 4);
insert into market_data.chat_copies (chat_id, telegram_message_id, sent_at, message_id)
select -1002, 9, m.sent_at, m.id
from market_data.chat_messages as m;
insert into market_data.chat_flags (
    message_id, listing_id, user_id, reason, note, weight, created_at)
select m.id, 1001, 1, 'spam', 'zxwk', 1, ops.clock_now()
from market_data.chat_messages as m;
insert into market_data.chat_rights (user_id, listing_id, until, granted_by, granted_at)
values (1, 1001, 'infinity', 4, ops.clock_now());
insert into market_data.chat_warnings (
    user_id, listing_id, message_id, reason, warned_by, warned_at)
select 1, 1001, m.id, 'zxwk', 4, ops.clock_now()
from market_data.chat_messages as m;
insert into market_data.chat_mutes (
    user_id, listing_id, message_id, until, reason, muted_by, muted_at)
select 1, 1001, m.id, 'infinity', 'zxwk', 4, ops.clock_now()
from market_data.chat_messages as m;
insert into market_data.channel_sellers (user_id, due_at)
values (1, ops.clock_now() + interval '1 day');

-- What the person was told, and what others were told of the person's things.
insert into notify_data.outbox (
    id, event_at, user_id, lane, kind, dedup_key, data, created_at, outcome, done_at, result)
values
    (1, ops.clock_now(), 1, 'notice', 'listing.approved', 'listing.approved:1001',
        '{"listing_id": 1001, "title": "zxwk pads"}', ops.clock_now(), 'sent', ops.clock_now(),
        '{"message_id": 5}'),
    (2, ops.clock_now(), 1, 'notice', 'deal.requested', 'deal:4',
        '{"listing_id": 1001, "title": "zxwk pads", "user_id": 2}', ops.clock_now(), null, null,
        null),
    (3, ops.clock_now(), 2, 'notice', 'deal.cancelled', 'deal:2',
        '{"deal_id": "00000000-0000-7000-8000-000000000002", "listing_id": 2001, "user_id": 1,
          "title": "wjfgsaid pads", "reason": "zxwk has changed their mind"}', ops.clock_now(),
        'sent', ops.clock_now(), null),
    (4, ops.clock_now() - interval '30 days', 2, 'notice', 'favourite.cheaper', 'drop:1',
        '{"listing_id": 1001, "title": "zxwk pads", "price_minor": 240000}', ops.clock_now(),
        'sent', ops.clock_now(), null),
    (5, ops.clock_now(), 2, 'notice', 'listing.approved', 'listing.approved:2001',
        '{"listing_id": 2001, "title": "wjfgname pads"}', ops.clock_now(), 'sent',
        ops.clock_now(), null);
insert into notify_data.queue (
    id, event_at, recipient, lane, kind, queued_at, due_at, state, attempts)
select o.id, o.event_at, o.user_id, o.lane, o.kind, o.created_at, o.created_at, 'waiting', 0
from notify_data.outbox as o
where o.id = 2;
insert into notify_data.events (at, type, user_id, event_at, data)
values
    (ops.clock_now(), 'deal.requested', 1, ops.clock_now(), '{"title": "zxwk pads"}'),
    (ops.clock_now(), 'deal.cancelled', 2, ops.clock_now(),
        '{"deal_id": "00000000-0000-7000-8000-000000000002", "reason": "zxwk goes"}');
insert into notify_data.feeds (user_id, read_until, marked_at)
values (1, ops.clock_now(), ops.clock_now());
insert into notify_data.mutes (user_id, topic, created_at)
values (1, 'deals', ops.clock_now());
insert into notify_data.object_mutes (user_id, object_type, object_id, created_at)
values (1, 'listing', 2001, ops.clock_now());
insert into notify_data.dialogs (user_id, update_id, flow, data, updated_at)
values (1, 1, 'sell', '{"title": "zxwk pads"}', ops.clock_now());
insert into notify_data.holds (recipient, until)
values (1, ops.clock_now());

insert into ops_data.audit (at, actor_id, action, object_type, object_id, details)
values
    (ops.clock_now(), 4, 'user.block', 'user', '1', '{"reason": "zxwk was rude"}'),
    (ops.clock_now(), 3, 'moderation.edit', 'listing', '1001', '{"changes": {"title": "zxwk"}}'),
    (ops.clock_now(), 3, 'review.hide', 'review', '2', '{"reason": "zxwk is not polite"}'),
    (ops.clock_now(), 1, 'shop.invitation_create', 'shop', '10', '{"role": "seller"}'),
    (ops.clock_now(), 4, 'user.block', 'user', '2', '{"reason": "wjfgname was rude"}');
insert into ops_data.idempotency_keys (
    actor_id, key, route, request_hash, status, headers, body, created_at)
values (
    1, 'zxwk-1', 'POST /v1/listings', decode(repeat('05', 32), 'hex'), 201, '{"etag": "zxwk"}',
    convert_to('{"title": "zxwk pads"}', 'UTF8'), ops.clock_now());

-- The numbers above were not taken from the sequences.
select setval(s.oid::regclass, 100000)
from pg_class as s
join pg_namespace as n on n.oid = s.relnamespace
where s.relkind = 'S'
    and n.nspname in ('people_data', 'market_data', 'catalog_data', 'notify_data');
