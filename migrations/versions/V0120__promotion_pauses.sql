-- An order is paused by its people and held by a moderator, each for itself; it may be shown only
-- in some categories; and its people are told when it is paid, begins and ends.

alter table market_data.promotions
    add column wanted_categories bigint[] not null default '{}',
    add column paused_at timestamptz,
    add column held_at timestamptz,
    add column held_by bigint references people_data.users (id),
    add column hold_reason text,
    add column started_at timestamptz,
    add column ended_at timestamptz,
    add constraint promotion_wanted_few check (cardinality(wanted_categories) <= 100),
    add constraint promotion_wanted_of_insertion
        check (kind = 'insertion' or wanted_categories = '{}'),
    add constraint promotion_hold_whole
        check (num_nonnulls(held_at, held_by, hold_reason) in (0, 3)),
    add constraint promotion_hold_reason_length check (char_length(hold_reason) between 3 and 500);

comment on column market_data.promotions.wanted_categories is
    'In the listings of which categories it is shown; empty: of all that are not excluded.';
comment on column market_data.promotions.started_at is
    'When its people were told that it runs. Whether it runs is read from state and time.';
comment on column market_data.promotions.ended_at is
    'When the job saw that it is over. Whether it runs is read from state and time.';

-- Nobody is told now of what began or ended before.
update market_data.promotions as p
set started_at = case when p.payment = 'paid' then p.begins_at end,
    ended_at = case when p.ends_at <= transaction_timestamp() then p.ends_at end
where p.state = 'approved'
    and p.begins_at <= transaction_timestamp();

create index promotions_held_by_idx on market_data.promotions (held_by) where held_by is not null;
-- What the job and moderators look at: what is approved and not over.
create index promotions_current_idx on market_data.promotions (id)
where state = 'approved' and ended_at is null;

insert into notify_data.kinds (kind, lane, topic, about)
values
    ('promotion.paid', 'notice', 'listings',
        'The payment of an order is recorded: {promotion_id, listing_id, title, currency, '
        'price_minor, begins_at, ends_at}.'),
    ('promotion.started', 'notice', 'listings',
        'An order began to run, a post went to the channels: {promotion_id, listing_id, title, '
        'order_kind, ends_at}.'),
    ('promotion.ended', 'notice', 'listings',
        'An order is over: {promotion_id, listing_id, title, order_kind, shown, clicked}.'),
    ('promotion.held', 'notice', 'listings',
        'A moderator stopped an order for now: {promotion_id, listing_id, title, reason}.'),
    ('promotion.released', 'notice', 'listings',
        'A moderator let an order run again: {promotion_id, listing_id, title}.');
