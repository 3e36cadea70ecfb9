-- What listings, sellers and the platform come to, hour by hour and day by day (UTC): rolled up
-- from clicks, views and deals, because nobody adds up a year of them while somebody waits.

create table market_data.listing_hours (
    hour timestamptz not null,
    listing_id bigint not null,
    clicks integer not null,
    primary key (listing_id, hour)
) partition by range (hour);

comment on table market_data.listing_hours is
    'Clicks on the contacts of a listing in an hour. No foreign keys: whole months are dropped.';

create table market_data.listing_days (
    day date not null,
    listing_id bigint not null,
    views integer not null,
    clicks integer not null,
    people integer not null,
    deals_requested integer not null,
    deals_completed integer not null,
    primary key (listing_id, day)
) partition by range (day);

comment on table market_data.listing_days is
    'What a listing came to on a day: views and different people and visitors among the clicks, '
    'deals by the day of the step. No foreign keys: whole months are dropped.';

create table market_data.seller_days (
    seller_key bigint not null,
    day date not null,
    views bigint not null,
    clicks bigint not null,
    deals_requested bigint not null,
    deals_completed bigint not null,
    primary key (seller_key, day)
);

create index seller_days_day_idx on market_data.seller_days (day);

comment on table market_data.seller_days is
    'The days of all listings of a seller: a person by their number, a shop below zero, the whole '
    'platform 0.';

create table market_data.turnover_days (
    seller_key bigint not null,
    day date not null,
    currency text not null,
    deals bigint not null,
    total_minor bigint not null,
    primary key (seller_key, day, currency)
);

create index turnover_days_day_idx on market_data.turnover_days (day);

comment on table market_data.turnover_days is
    'What completed deals came to on a day, in minor units; the whole platform is 0.';

create table market_data.figures_state (
    is_one boolean primary key default true,
    rolled_until timestamptz not null,
    constraint figures_state_is_one check (is_one)
);

insert into market_data.figures_state (rolled_until)
values ('-infinity');

comment on table market_data.figures_state is 'How far the figures are rolled up.';

select ops_data.partition_set_create('market_data.listing_hours', 'hour', '1 month', 4, '400 days');
select ops_data.partition_set_create('market_data.listing_days', 'day', '1 month', 4, '800 days');
