-- Wide stretches of prices in few lexemes: an entry says its band of prices, the four bands that
-- hold it and the sixteen. A query for many bands one by one costs as many lists as it names.

create function market_data.search_price_tag(p_currency text, p_bands integer, p_place integer)
returns text
language sql
immutable
strict
parallel safe
return '=$' || case p_bands when 1 then '' else p_bands::text end || p_currency || ':' || p_place;

comment on function market_data.search_price_tag(text, integer, integer) is
    'The lexeme of a stretch of so many bands of prices, by its place among such stretches.';

create or replace function market_data.search_tags(p_listing market_data.listings)
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
        case when (p_listing).part_number_norm <> '' then '=#' || (p_listing).part_number_norm end,
        '=t1:' || market_data.search_time_bucket((p_listing).published_at, 1),
        '=t8:' || market_data.search_time_bucket((p_listing).published_at, 8),
        '=t64:' || market_data.search_time_bucket((p_listing).published_at, 64),
        '=e13:' || ((p_listing).id >> 13),
        '=e16:' || ((p_listing).id >> 16)], null)
    || array(
        select market_data.search_price_tag(
            (p_listing).currency, s.size,
            market_data.search_price_band((p_listing).price_minor) / s.size)
        from (values (1), (4), (16)) as s (size))
    || array(
        select market_data.search_attribute_tag(a.key, a.value)
        from jsonb_each((p_listing).attributes) as a
        where jsonb_typeof(a.value) in ('number', 'boolean', 'string'))
    || array(
        select distinct '=g:' || f.generation_id
        from market_data.listing_fitments as f
        where f.listing_id = (p_listing).id);

comment on column market_data.search_entries.terms is
    'The words of the listing, and lexemes that begin with = for everything else that is asked '
    'about: kind k, category c, subcategory s, brand b, place p, condition n, currency m, stock '
    'i, price $ $4 $16, part number #, extra field a, generation g, time t1 t8 t64, number e13 '
    'e16.';

-- The entries of today are made anew, in a new file: an index that is built where old versions
-- still lie has them too, and when they are gone its first pages are empty, by which GIN guesses
-- how rare a lexeme is. The index comes after the entries, which is many times as fast.
truncate market_data.search_entries;
drop index market_data.search_entries_terms_idx;
select market_data.search_entries_store(0, 9223372036854775807);
create index search_entries_terms_idx on market_data.search_entries using gin (terms)
    with (fastupdate = off);
