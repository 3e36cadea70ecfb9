-- What a listing says it fits is taken note of once a statement, not once a row: an import of a
-- thousand rows brings each entry of search up to date once. And a published listing that fits more
-- than before is news for saved searches, as one that was just published is.

create function market_data.listing_fitments_record()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market_data.search_entries_store(c.listing_id, c.listing_id)
    from (select distinct n.listing_id from changed as n) as c;

    -- Only an update has rows as they were before; their listings may be others.
    if tg_op = 'UPDATE' then
        perform market_data.search_entries_store(c.listing_id, c.listing_id)
        from (
            select o.listing_id from former as o except select n.listing_id from changed as n) as c;
    end if;

    -- What is hidden now is news when it is published again.
    if tg_op <> 'DELETE' then
        insert into market_data.search_news (listing_id, at)
        select n.listing_id, max(n.created_at)
        from changed as n
        join market_data.listings as l on l.id = n.listing_id and l.status = 'published'
        group by n.listing_id
        order by n.listing_id;
    end if;
    return null;
end
$$;

comment on function market_data.listing_fitments_record() is
    'Trigger: keeps search_entries equal to the fitment of published listings, and notes for saved '
    'searches that a listing fits more.';

drop trigger listing_fitments_search_entry on market_data.listing_fitments;

-- A trigger for each kind: one for several cannot see the rows of its statement.
create trigger listing_fitments_added
after insert on market_data.listing_fitments
referencing new table as changed
for each statement execute function market_data.listing_fitments_record();

create trigger listing_fitments_changed
after update on market_data.listing_fitments
referencing old table as former new table as changed
for each statement execute function market_data.listing_fitments_record();

create trigger listing_fitments_removed
after delete on market_data.listing_fitments
referencing old table as changed
for each statement execute function market_data.listing_fitments_record();

-- An import, an edit that waits, a stock of four instead of five: most changes of a listing change
-- nothing that its entry holds, and then nothing is put together to be compared.
drop trigger listings_search_entry_changed on market_data.listings;

create trigger listings_search_entry_changed
after update on market_data.listings
for each row when (
    (new.status = 'published' or old.status = 'published')
    and (old.status, old.search, old.attributes, old.part_number_norm, old.kind, old.category_id,
            old.subcategory_id, old.brand_id, old.place_id, old.condition, old.owner_user_id,
            old.currency, old.price_minor, old.stock_quantity > 0, old.published_at,
            old.expires_at)
        is distinct from
        (new.status, new.search, new.attributes, new.part_number_norm, new.kind, new.category_id,
            new.subcategory_id, new.brand_id, new.place_id, new.condition, new.owner_user_id,
            new.currency, new.price_minor, new.stock_quantity > 0, new.published_at,
            new.expires_at))
execute function market_data.search_entry_record();

comment on table market_data.search_news is
    'Listings that were published, became cheaper or fit more, and were not yet compared with '
    'saved searches. Short: a job empties it every minute, and whoever delivers alerts does '
    'before. What is hidden when its turn comes waits here until it is seen again.';

-- An alert whose listing is hidden when it is due.
comment on column market_data.search_alerts.due_at is
    'When to tell it; infinity while the listing is hidden, until it is found again.';
