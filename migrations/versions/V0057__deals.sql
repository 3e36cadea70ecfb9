-- Deals: a buyer and a seller agree on pieces of a listing, and every step of it is recorded.

create table market_data.deals (
    id uuid primary key,
    listing_id bigint not null references market_data.listings (id),
    buyer_id bigint not null references people_data.users (id),
    seller_user_id bigint references people_data.users (id),
    seller_shop_id bigint references market_data.shops (id),
    title text not null,
    quantity integer not null,
    currency text not null,
    unit_price_minor bigint not null,
    total_minor bigint not null,
    state text not null default 'requested',
    reservation_id uuid references market_data.reservations (id),
    reason text,
    due_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by bigint references people_data.users (id),
    -- Never null: a key over the two columns would be passed over where one of them is.
    seller_key bigint not null
        generated always as (coalesce(seller_user_id, -seller_shop_id)) stored,
    constraint deal_seller_is_user_or_shop
        check (num_nonnulls(seller_user_id, seller_shop_id) = 1),
    constraint deal_buyer_is_not_seller check (buyer_id <> seller_key),
    constraint deal_quantity_range check (quantity between 1 and 1000000),
    constraint deal_total_is_pieces_times_price check (total_minor = quantity * unit_price_minor),
    constraint deal_state_known check (
        state in ('requested', 'confirmed', 'handed_over', 'completed', 'cancelled', 'expired')),
    constraint deal_confirmed_has_pieces check (
        case
            when state in ('requested', 'expired') then reservation_id is null
            when state <> 'cancelled' then reservation_id is not null
            else true
        end),
    constraint deal_cancelled_has_reason check ((state = 'cancelled') = (reason is not null)),
    constraint deal_reason_length check (char_length(reason) between 3 and 500),
    constraint deal_due_while_it_waits
        check ((state in ('requested', 'handed_over')) = (due_at is not null)),
    -- What a review refers to: the two, and that it is completed.
    constraint deal_between_the_two unique (id, buyer_id, seller_key, state)
);

comment on table market_data.deals is
    'What a buyer and a seller agreed on, at the price of the moment of the request. Its pieces '
    'are held by a reservation from its confirmation on.';
comment on column market_data.deals.title is 'The listing''s title at the request.';
comment on column market_data.deals.reason is 'Why it was cancelled, in the words of who did.';
comment on column market_data.deals.due_at is
    'When it goes on by itself: a request expires, what was handed over is completed.';
comment on column market_data.deals.changed_by is
    'Who made the last step; null: time did. The recording trigger copies it into the history.';
comment on column market_data.deals.seller_key is 'The seller: a person, or a shop below zero.';

-- A buyer waits for one answer a listing: asking again is the same request.
create unique index deal_requested_already on market_data.deals (listing_id, buyer_id)
    where state = 'requested';
-- Lists of one side; a list of all states is merged from those of each.
create index deals_buyer_id_state_idx on market_data.deals (buyer_id, state, id desc);
create index deals_seller_user_id_state_idx on market_data.deals (seller_user_id, state, id desc)
    where seller_user_id is not null;
create index deals_seller_shop_id_state_idx on market_data.deals (seller_shop_id, state, id desc)
    where seller_shop_id is not null;
create index deals_listing_id_idx on market_data.deals (listing_id);
create unique index deal_reservation_once on market_data.deals (reservation_id)
    where reservation_id is not null;
create index deals_changed_by_idx on market_data.deals (changed_by);
create index deals_due_at_idx on market_data.deals (due_at, id) where due_at is not null;

create table market_data.deal_moves (
    from_state text not null,
    to_state text not null,
    sides text[] not null,
    primary key (from_state, to_state),
    constraint deal_move_sides_known
        check (sides <@ array['buyer', 'seller', 'time'] and cardinality(sides) > 0)
);

comment on table market_data.deal_moves is
    'Every legal step of a deal and who may take it; any other is refused.';

insert into market_data.deal_moves (from_state, to_state, sides)
values
    ('requested', 'confirmed', '{seller}'),
    ('requested', 'cancelled', '{buyer,seller}'),
    ('requested', 'expired', '{time}'),
    ('confirmed', 'handed_over', '{seller}'),
    ('confirmed', 'cancelled', '{buyer,seller}'),
    ('handed_over', 'completed', '{buyer,time}'),
    ('handed_over', 'cancelled', '{buyer,seller}');

-- The database itself refuses an illegal step, whoever makes it.
create function market_data.deal_state_guard()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select
        from market_data.deal_moves as m
        where m.from_state = old.state
            and m.to_state = new.state
    ) then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'deal_move_illegal',
            message = format('a deal cannot go from %s to %s', old.state, new.state),
            detail = old.state;
    end if;
    return new;
end
$$;

comment on function market_data.deal_state_guard() is
    'Trigger: refuses a step that deal_moves does not name.';

create trigger deals_state_guard
before update of state on market_data.deals
for each row when (old.state is distinct from new.state)
execute function market_data.deal_state_guard();

create function market_data.deal_terms_guard()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'ZCONF',
        constraint = 'deal_terms_frozen',
        message = 'what a deal is about and what it costs does not change';
end
$$;

comment on function market_data.deal_terms_guard() is
    'Trigger: refuses to change the terms of a deal.';

create trigger deals_terms_guard
before update on market_data.deals
for each row when (
    (old.id, old.listing_id, old.buyer_id, old.title, old.quantity, old.currency,
        old.unit_price_minor, old.total_minor, old.created_at)
        is distinct from
        (new.id, new.listing_id, new.buyer_id, new.title, new.quantity, new.currency,
            new.unit_price_minor, new.total_minor, new.created_at)
    or old.seller_user_id is distinct from new.seller_user_id
    or old.seller_shop_id is distinct from new.seller_shop_id)
execute function market_data.deal_terms_guard();

create table market_data.deal_events (
    id bigint generated by default as identity,
    deal_id uuid not null,
    at timestamptz not null,
    from_state text,
    to_state text not null,
    actor_id bigint,
    primary key (at, id)
) partition by range (at);

comment on table market_data.deal_events is
    'Every step of every deal, without anybody''s words. Append only. No foreign keys: it outlives '
    'what it tells of.';

create index deal_events_deal_id_at_idx on market_data.deal_events (deal_id, at, id);

create trigger deal_events_are_append_only
before update or delete on market_data.deal_events
for each row execute function ops_data.history_is_append_only();

select ops_data.partition_set_create('market_data.deal_events', 'at', '1 month', 4, null);

create function market_data.deal_history_record()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.deal_events (deal_id, at, from_state, to_state, actor_id)
    values (
        new.id, new.changed_at, case when tg_op = 'UPDATE' then old.state end, new.state,
        new.changed_by);
    return null;
end
$$;

comment on function market_data.deal_history_record() is 'Trigger: writes deal_events.';

create trigger deals_history_begun
after insert on market_data.deals
for each row execute function market_data.deal_history_record();

create trigger deals_history_record
after update of state on market_data.deals
for each row when (old.state is distinct from new.state)
execute function market_data.deal_history_record();

insert into ops_data.settings (key, value, description, updated_at)
values
    ('deals.answer_hours', '72', 'Hours that a seller has to answer a request for a deal.',
        transaction_timestamp()),
    ('deals.complete_days', '14',
        'Days after which what was handed over is completed without a word of the buyer.',
        transaction_timestamp()),
    ('deals.open_requests', '20', 'Requests of one buyer that may wait for answers at once.',
        transaction_timestamp());

insert into notify_data.topics (topic, title_ru, title_en, position)
values ('deals', 'Сделки', 'Deals', 5);

insert into notify_data.kinds (kind, lane, topic, about)
select
    'deal.' || k.step, 'notice', 'deals',
    k.what || ': {deal_id, listing_id, shop_id, user_id, title, quantity, currency, total_minor, '
    'state, reason}; user_id is the other side when that is a person.'
from (
    values
        ('requested', 'A buyer wants pieces of a listing'),
        ('confirmed', 'The seller confirmed a deal, its pieces are put aside'),
        ('handed_over', 'The seller says that the pieces were handed over'),
        ('completed', 'A deal is completed'),
        ('cancelled', 'The other side cancelled a deal'),
        ('expired', 'A request for a deal was not answered in time')
) as k (step, what);
