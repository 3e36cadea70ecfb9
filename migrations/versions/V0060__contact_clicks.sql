-- Who was shown the contacts of a seller, and who has looked at a listing.

create table market_data.visitor_salts (
    day date primary key,
    salt bytea not null,
    constraint visitor_salt_size check (octet_length(salt) = 32)
);

comment on table market_data.visitor_salts is
    'What visitors without an account are hashed with, another one each day (UTC). It is deleted '
    'with the next day but one, and then nobody can tell any more who a visitor was.';

create table market_data.contact_clicks (
    listing_id bigint not null,
    at timestamptz not null,
    clicker bigint not null,
    source text,
    primary key (listing_id, at, clicker),
    -- Not null by the same rule, so that whoever leaves it out hears the same reason.
    constraint contact_click_source_known
        check (source is not null and source in ('bot', 'web', 'api'))
) partition by range (at);

comment on table market_data.contact_clicks is
    'Each time that somebody was shown the contacts of a listing, as far as it counts: not its own '
    'people, and not the same person again within a while. Append only. No foreign keys: whole '
    'days are dropped, and a click must not wait for anybody.';
comment on column market_data.contact_clicks.clicker is
    'A person; below zero a visitor without an account, by a number that means nothing tomorrow.';

-- How often somebody has clicked of late, and whether on this listing.
create index contact_clicks_clicker_at_idx on market_data.contact_clicks (clicker, at);

create trigger contact_clicks_are_append_only
before update or delete on market_data.contact_clicks
for each row execute function ops_data.history_is_append_only();

select ops_data.partition_set_create(
    'market_data.contact_clicks', 'at', '1 day', 4, '400 days');

create table market_data.contact_people (
    listing_id bigint not null references market_data.listings (id),
    user_id bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    clicks integer not null,
    primary key (listing_id, user_id),
    constraint contact_people_clicks_positive check (clicks > 0),
    constraint contact_people_ordered check (first_at <= last_at)
) with (fillfactor = 90);

comment on table market_data.contact_people is
    'Every person who was ever shown the contacts of a listing, once: how many they are is exact '
    'for as long as the listing lives, and it is they whom its seller may write to. No foreign key '
    'to people: its index would be a second one as large as the table, for nobody.';

create table market_data.listing_views (
    day date not null,
    listing_id bigint not null,
    viewer bigint not null,
    primary key (listing_id, day, viewer)
) partition by range (day);

comment on table market_data.listing_views is
    'Who has looked at a listing on a day (UTC), once a day and viewer, not its own people. No '
    'foreign keys: whole days are dropped.';
comment on column market_data.listing_views.viewer is
    'A person; below zero a visitor without an account, by a number that means nothing tomorrow.';

select ops_data.partition_set_create(
    'market_data.listing_views', 'day', '1 day', 4, '400 days');

insert into ops_data.settings (key, value, description, updated_at)
values
    ('contacts.repeat_seconds', '3600',
        'Who asks for the contacts of a listing again within so many seconds counts once.',
        transaction_timestamp()),
    ('contacts.hourly_count', '60',
        'Listings whose contacts one person or visitor is shown within an hour.',
        transaction_timestamp());
