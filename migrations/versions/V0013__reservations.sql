-- Reservations: pieces put aside for one buyer. They leave the stock at once, so the last piece
-- has one winner.

create table market_data.reservations (
    id uuid primary key,
    listing_id bigint not null references market_data.listings (id),
    buyer_id bigint not null references people_data.users (id),
    quantity integer not null,
    currency text not null,
    total_minor bigint not null,
    state text not null default 'held',
    created_at timestamptz not null,
    closed_at timestamptz,
    closed_by bigint references people_data.users (id),
    constraint reservation_quantity_range check (quantity between 1 and 1000000),
    constraint reservation_total_range check (total_minor >= 0),
    constraint reservation_state_known check (state in ('held', 'released', 'sold')),
    constraint reservation_closed_whole check ((state = 'held') = (closed_at is null))
);

create index reservations_listing_id_idx on market_data.reservations (listing_id, id);
-- "Is anything held still": a listing with a long history has few rows here.
create index reservations_held_idx on market_data.reservations (listing_id) where state = 'held';
create index reservations_buyer_id_idx on market_data.reservations (buyer_id, id desc);
create index reservations_closed_by_idx on market_data.reservations (closed_by);

comment on table market_data.reservations is
    'Pieces of a listing held for a buyer at the total agreed then; held until released or sold.';
