-- For how many days a seeded market has views and clicks: a market that grows must go on with it.

alter table ops_data.seed_markets
    add column counted_days integer not null default 28;

alter table ops_data.seed_markets
    add constraint seed_market_counted_days_range check (counted_days between 1 and 400);

comment on column ops_data.seed_markets.counted_days is
    'Days before shown_at for which looking at listings and asking for contacts are counted.';
