-- Search entries follow their listings once a statement and not once a row, and only where
-- something changed that an entry says: a change of five thousand listings costs a third, one of a
-- contact nothing. The entries of a file of fitment are made once, when its transaction ends.

-- Brings the entries of these listings up to date. Idempotent; a row that says what it should is
-- left alone.
create function market_data.search_entries_follow(p_listings bigint[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from market_data.search_entries as e
    where e.listing_id = any (p_listings)
        and not exists (
            select
            from market_data.listings as l
            where l.id = e.listing_id
                and l.status = 'published');

    insert into market_data.search_entries as e (
        listing_id, published_at, visible_until, price_minor, category_id, subcategory_id,
        brand_id, place_id, owner_user_id, kind, condition, currency, is_in_stock, terms)
    select
        l.id, l.published_at, l.expires_at, l.price_minor, l.category_id, l.subcategory_id,
        l.brand_id, l.place_id, l.owner_user_id, l.kind, l.condition, l.currency,
        l.stock_quantity > 0, l.search || array_to_tsvector(market_data.search_tags(l))
    from market_data.listings as l
    where l.id = any (p_listings)
        and l.status = 'published'
    order by l.published_at, l.id
    on conflict (listing_id) do update
    set published_at = excluded.published_at, visible_until = excluded.visible_until,
        price_minor = excluded.price_minor,
        category_id = excluded.category_id, subcategory_id = excluded.subcategory_id,
        brand_id = excluded.brand_id, place_id = excluded.place_id,
        owner_user_id = excluded.owner_user_id, kind = excluded.kind,
        condition = excluded.condition, currency = excluded.currency,
        is_in_stock = excluded.is_in_stock, terms = excluded.terms
    where (e.published_at, e.visible_until, e.price_minor, e.owner_user_id, e.terms)
        is distinct from
        (excluded.published_at, excluded.visible_until, excluded.price_minor,
            excluded.owner_user_id, excluded.terms);
end
$$;

comment on function market_data.search_entries_follow(bigint[]) is
    'Makes the search entries of these listings say what the listings say.';

create or replace function market_data.search_entries_store(p_first bigint, p_last bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market_data.search_entries_follow(array(
        select l.id
        from market_data.listings as l
        where l.id between p_first and p_last
        union
        select e.listing_id
        from market_data.search_entries as e
        where e.listing_id between p_first and p_last));
end
$$;

create function market_data.search_entries_made()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listings constant bigint[] := array(
        select f.id
        from fresh as f
        where f.status = 'published');
begin
    if v_listings <> '{}' then
        perform market_data.search_entries_follow(v_listings);
    end if;
    return null;
end
$$;

comment on function market_data.search_entries_made() is
    'Trigger: gives listings that are published as they are made their search entries.';

create function market_data.search_entries_changed()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listings constant bigint[] := array(
        select f.id
        from fresh as f
        join former as o on o.id = f.id
        where 'published' in (o.status, f.status)
            and (o.status, o.published_at, o.expires_at, o.price_minor, o.kind, o.category_id,
                o.subcategory_id, o.brand_id, o.place_id, o.owner_user_id, o.condition,
                o.currency, o.stock_quantity > 0, o.part_number_norm, o.attributes, o.search)
                is distinct from
                (f.status, f.published_at, f.expires_at, f.price_minor, f.kind, f.category_id,
                f.subcategory_id, f.brand_id, f.place_id, f.owner_user_id, f.condition,
                f.currency, f.stock_quantity > 0, f.part_number_norm, f.attributes, f.search));
begin
    if v_listings <> '{}' then
        perform market_data.search_entries_follow(v_listings);
    end if;
    return null;
end
$$;

comment on function market_data.search_entries_changed() is
    'Trigger: the search entries of listings whose entry would say something else now.';

-- At the end of a transaction the role is the caller's again, who has no right to any table.
create function market_data.search_entry_fitment()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listings constant bigint[] := array(
        select e.listing_id
        from market_data.search_entries as e
        where e.listing_id in (
                case when tg_op <> 'DELETE' then new.listing_id end,
                case when tg_op <> 'INSERT' then old.listing_id end)
            -- the first of many has already done it for the others
            and array(
                select x.lexeme
                from unnest(tsvector_to_array(e.terms)) as x (lexeme)
                where x.lexeme like '=g:%'
                order by x.lexeme)
                <> array(
                select distinct '=g:' || f.generation_id as lexeme
                from market_data.listing_fitments as f
                where f.listing_id = e.listing_id
                order by lexeme));
begin
    if v_listings <> '{}' then
        perform market_data.search_entries_follow(v_listings);
    end if;
    return null;
end
$$;

comment on function market_data.search_entry_fitment() is
    'Trigger: the vehicles in the search entry of a listing, when the transaction ends.';
revoke execute on function market_data.search_entry_fitment() from public;

drop trigger listings_search_entry_made on market_data.listings;
drop trigger listings_search_entry_changed on market_data.listings;
drop trigger listing_fitments_search_entry on market_data.listing_fitments;
drop function market_data.search_entry_record();

create trigger listings_search_entries_made
after insert on market_data.listings
referencing new table as fresh
for each statement execute function market_data.search_entries_made();

create trigger listings_search_entries_changed
after update on market_data.listings
referencing old table as former new table as fresh
for each statement execute function market_data.search_entries_changed();

create constraint trigger listing_fitments_search_entry
after insert or update or delete on market_data.listing_fitments
deferrable initially deferred
for each row execute function market_data.search_entry_fitment();

-- No query asks for prices among listings since searches have entries; without it a change of price
-- or stock leaves all indexes of a listing alone, where its page has room for another version.
drop index market_data.listings_category_price_idx;
alter table market_data.listings set (fillfactor = 90);
