-- Exports: who asked for everything that is stored about them, and when. And what need not be
-- stored is not: views keep nobody's number.

create table people_data.exports (
    id uuid primary key,
    user_id bigint not null references people_data.users (id),
    at timestamptz not null,
    by_operator boolean not null
);

create index exports_user_id_at_idx on people_data.exports (user_id, at);

comment on table people_data.exports is
    'Each time that everything stored about a person was asked for, by the person or by an '
    'operator. It is read within the next hours, part by part.';

insert into ops_data.settings (key, value, description, updated_at)
values (
    'export.daily', '3',
    'How often within 24 hours a person may ask for everything stored about them; more than once, '
    'so that what broke off can be had again.',
    transaction_timestamp());

comment on table market_data.contact_people is
    'Every person who was ever shown the contacts of a listing, once: how many they are is exact '
    'for as long as the listing lives, and it is they whom its seller may write to. No foreign key '
    'to people, whose rows a click must not lock; the index by person is for their export and '
    'erasure.';

-- Views are counted by day and never by person, so that a hash serves as well. What there is loses
-- its numbers by a salt that nobody keeps.
with salt as materialized (
    select gen_random_uuid()::text as word
)
update market_data.listing_views as v
set viewer = -1 - (
    ('x' || left(md5(s.word || v.viewer), 16))::bit(64)::bigint & 9223372036854775807)
from salt as s
where v.viewer > 0;

comment on column market_data.listing_views.viewer is
    'Below zero: a person or a visitor, hashed with the salt of the day, so that it means nothing '
    'when that is gone.';
