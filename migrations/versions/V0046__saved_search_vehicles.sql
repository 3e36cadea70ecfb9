-- A saved search may ask for what fits a vehicle of the person's garage, and follows it.

alter table market_data.saved_searches
    add column vehicle_id bigint
    references market_data.garage_vehicles (id) on delete set null;

comment on column market_data.saved_searches.vehicle_id is
    'The vehicle of the garage that generation and year in the filters are those of; null for '
    'none, and when it was taken out: then the filters stay as they were.';

create index saved_searches_vehicle_id_idx on market_data.saved_searches (vehicle_id)
    where vehicle_id is not null;

insert into ops_data.settings (key, value, description, updated_at)
values
    ('search.alert_days', '90',
        'Days after the end of a listing for which what saved searches found of it is kept; not '
        'fewer than it can still be renewed.',
        transaction_timestamp());
