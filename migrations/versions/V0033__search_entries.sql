-- What a search reads: one narrow row for each published listing, and one index in which words,
-- filters, part numbers, prices and time are all the same kind of thing, a lexeme.

-- Prices in quarters of an octave: what costs about the same has the same band.
create function market_data.search_price_band(p_price_minor bigint)
returns integer
language sql
immutable
strict
parallel safe
return floor(4 * ln((p_price_minor + 1)::float8) / ln(2::float8))::integer;

comment on function market_data.search_price_band(bigint) is
    'The band of a price; four bands to each doubling of it.';

create function market_data.search_time_bucket(p_at timestamptz, p_days integer)
returns integer
language sql
immutable
strict
parallel safe
return floor(
    extract(epoch from p_at - '2000-01-01 00:00:00+00'::timestamptz)::float8
    / (86400 * p_days))::integer;

comment on function market_data.search_time_bucket(timestamptz, integer) is
    'The number of the stretch of so many days that a time lies in.';

-- The one spelling of a value of an extra field: a search for 1.0 finds 1, and a long text is
-- as short as any other.
create function market_data.search_attribute_tag(p_key text, p_value jsonb)
returns text
language sql
immutable
strict
parallel safe
return case jsonb_typeof(p_value)
    when 'number' then '=a:' || p_key || '=' || trim_scale((p_value #>> '{}')::numeric)::text
    when 'boolean' then '=a:' || p_key || '=' || (p_value #>> '{}')
    when 'string' then '=a:' || p_key || '="'
        || case
            when char_length(p_value #>> '{}') <= 40 then p_value #>> '{}'
            else md5(p_value #>> '{}')
        end
end;

comment on function market_data.search_attribute_tag(text, jsonb) is
    'The lexeme of an extra field and its value; null for what no field can hold: a list, an '
    'object, a null.';

create table market_data.search_entries (
    listing_id bigint primary key references market_data.listings (id) on delete cascade,
    published_at timestamptz not null,
    visible_until timestamptz not null,
    price_minor bigint not null,
    category_id bigint not null,
    subcategory_id bigint not null,
    brand_id bigint,
    place_id bigint not null,
    owner_user_id bigint,
    kind text not null,
    condition text not null,
    currency text not null,
    is_in_stock boolean not null,
    terms tsvector not null
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

comment on table market_data.search_entries is
    'What a search may find: a row for each published listing, kept by triggers of listings and '
    'their fitment. Holds nothing that they do not say.';
comment on column market_data.search_entries.terms is
    'The words of the listing, and lexemes that begin with = for everything else that is asked '
    'about: kind k, category c, subcategory s, brand b, place p, condition n, currency m, stock '
    'i, price $, part number #, extra field a, generation g, time t1 t8 t64, number e13 e16.';
comment on column market_data.search_entries.visible_until is
    'From then on nobody finds it, whatever the jobs have done by then.';

-- The terms of a listing beside its words.
create function market_data.search_tags(p_listing market_data.listings)
returns text[]
language sql
stable
parallel safe
return array_remove(array[
        '=k:' || (p_listing).kind,
        '=c:' || (p_listing).category_id,
        '=s:' || (p_listing).subcategory_id,
        '=b:' || (p_listing).brand_id,
        '=p:' || (p_listing).place_id,
        '=n:' || (p_listing).condition,
        '=m:' || (p_listing).currency,
        case when (p_listing).stock_quantity > 0 then '=i' end,
        '=$' || (p_listing).currency || ':'
            || market_data.search_price_band((p_listing).price_minor),
        case when (p_listing).part_number_norm <> '' then '=#' || (p_listing).part_number_norm end,
        '=t1:' || market_data.search_time_bucket((p_listing).published_at, 1),
        '=t8:' || market_data.search_time_bucket((p_listing).published_at, 8),
        '=t64:' || market_data.search_time_bucket((p_listing).published_at, 64),
        '=e13:' || ((p_listing).id >> 13),
        '=e16:' || ((p_listing).id >> 16)], null)
    || array(
        select market_data.search_attribute_tag(a.key, a.value)
        from jsonb_each((p_listing).attributes) as a
        where jsonb_typeof(a.value) in ('number', 'boolean', 'string'))
    || array(
        select distinct '=g:' || f.generation_id
        from market_data.listing_fitments as f
        where f.listing_id = (p_listing).id);

comment on function market_data.search_tags(market_data.listings) is
    'The lexemes of a listing that are not words; see the column terms of search_entries.';

-- Brings the entries of these listings up to date. Idempotent; a row that says what it should is
-- left alone, so that a change of stock from five to four costs no index anything.
create function market_data.search_entries_store(p_first bigint, p_last bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from market_data.search_entries as e
    where e.listing_id between p_first and p_last
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
    where l.id between p_first and p_last
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

comment on function market_data.search_entries_store(bigint, bigint) is
    'Makes the search entries of the listings with these numbers, first to last, say what the '
    'listings say.';

create function market_data.search_entry_record()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_table_name = 'listings' then
        perform market_data.search_entries_store(new.id, new.id);
    else
        perform market_data.search_entries_store(t.listing_id, t.listing_id)
        from (
            select case when tg_op <> 'DELETE' then new.listing_id end as listing_id
            union
            select case when tg_op <> 'INSERT' then old.listing_id end
        ) as t
        where t.listing_id is not null;
    end if;
    return null;
end
$$;

comment on function market_data.search_entry_record() is
    'Trigger: keeps search_entries equal to the published listings and their fitment.';

create trigger listings_search_entry_made
after insert on market_data.listings
for each row when (new.status = 'published')
execute function market_data.search_entry_record();

create trigger listings_search_entry_changed
after update on market_data.listings
for each row when (new.status = 'published' or old.status = 'published')
execute function market_data.search_entry_record();

create trigger listing_fitments_search_entry
after insert or update or delete on market_data.listing_fitments
for each row execute function market_data.search_entry_record();

-- The listings of today; the indexes come after them, which is many times as fast.
select market_data.search_entries_store(0, 9223372036854775807);

-- Statistics of words are as large as a dictionary, and every statement here has one fixed plan.
alter table market_data.search_entries alter column terms set statistics 0;

create index search_entries_published_at_listing_id_idx
    on market_data.search_entries (published_at, listing_id);
create index search_entries_currency_price_minor_listing_id_idx
    on market_data.search_entries (currency, price_minor, listing_id);
-- A list of what is not yet in the index would be read by every search.
create index search_entries_terms_idx on market_data.search_entries using gin (terms)
    with (fastupdate = off);
