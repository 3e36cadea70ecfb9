-- A listing does not stand for ever: when it expires, how it is renewed and bumped.

alter table market_data.listings
    add column expires_at timestamptz not null default 'infinity',
    add column renewed_at timestamptz,
    add column bumped_at timestamptz,
    add column bump_day date,
    add column bump_count integer not null default 0,
    add column first_published_at timestamptz;

comment on column market_data.listings.expires_at is
    'From then on nobody sees it; infinity while it is not published, and for what never expires.';
comment on column market_data.listings.published_at is
    'Its place in the order of time: the first publication, or the last bump.';
comment on column market_data.listings.bump_day is
    'The day, in UTC, that bump_count counts the bumps of.';
comment on column market_data.listings.first_published_at is
    'What published_at was before the first bump; null until then.';

-- What the job takes, the longest expired first.
create index listings_expires_at_idx on market_data.listings (expires_at, id)
    where status = 'published';

update market_data.listings
set expires_at = transaction_timestamp() + interval '60 days'
where status in ('published', 'reserved');

-- Renewed within its time after it expired, a listing needs no moderator: nothing changed in it.
insert into market_data.listing_moves (from_status, to_status, event)
values ('archived', 'published', 'renewed');

create table market_data.listing_lifetimes (
    category_id bigint primary key references catalog_data.categories (id),
    days integer not null,
    constraint listing_lifetime_days check (days between 1 and 3650)
);

comment on table market_data.listing_lifetimes is
    'After how many days listings of a category or a subcategory expire, where that is not the '
    'setting listing.lifetime_days. An administrator''s data.';

insert into market_data.listing_lifetimes (category_id, days)
select c.id, 90
from catalog_data.categories as c
where c.kind = 'service'
    and c.parent_id is null;

insert into ops_data.settings (key, value, description, updated_at)
values
    ('listing.lifetime_days', '60', 'Days until a listing expires, unless its category says so.',
        transaction_timestamp()),
    ('listing.renew_days', '7', 'Days before its end from which a listing may be renewed.',
        transaction_timestamp()),
    ('listing.renew_after_days', '30', 'Days after its end for which a listing may be renewed.',
        transaction_timestamp()),
    ('listing.bump_cooldown_seconds', '14400', 'Seconds between two bumps of one listing.',
        transaction_timestamp()),
    ('listing.bump_daily_count', '3', 'Bumps of one listing in a day, which begins at 0:00 UTC.',
        transaction_timestamp());
