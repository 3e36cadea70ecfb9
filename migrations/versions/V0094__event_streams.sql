-- Events reach those who listen: a third audience, and the order in which a stream reads.

-- Nullable and without a default, so no row is rewritten.
alter table notify_data.events add column listing_id bigint;

alter table notify_data.events drop constraint event_audience_is_user_or_shop;
alter table notify_data.events
    add constraint event_audience_is_one check (num_nonnulls(user_id, shop_id, listing_id) = 1);

comment on column notify_data.events.listing_id is
    'Who watches this listing: everybody may who may see it, so nothing private is in such a row.';
comment on table notify_data.events is
    'One row for each person, shop and watched listing that may hear of it. Kept for a week.';

-- The table keeps a week, so these are built while it is locked.
create index events_written_by_idx on notify_data.events (written_by, id);
create index events_listing_id_written_by_idx on notify_data.events (listing_id, written_by, id)
    where listing_id is not null;
