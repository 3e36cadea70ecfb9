-- What a search may find: published, not past its time, its seller not blocked, within the prices
-- and years asked about, with the terms p_also; null asks about nothing. Those are looked at in the
-- row and never in the index: it is for what is too common to be looked up. One select, so that it
-- inlines, and conditions on terms reach their index. Who is blocked is read once a statement, and
-- not once a row. The walks of search_newest and search_priced repeat these conditions, because
-- they must look at rows first.

create or replace function market.search_rows(
    p_price_min bigint,
    p_price_max bigint,
    p_generation bigint,
    p_year integer,
    p_also tsquery
)
returns table (
    listing_id bigint,
    published_at timestamptz,
    price_minor bigint,
    kind text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    place_id bigint,
    condition text,
    currency text,
    is_in_stock boolean,
    terms tsvector
)
language sql
stable
parallel safe
begin atomic
    select
        e.listing_id, e.published_at, e.price_minor, e.kind, e.category_id, e.subcategory_id,
        e.brand_id, e.place_id, e.condition, e.currency, e.is_in_stock, e.terms
    from market_data.search_entries as e
    where e.visible_until > ops.clock_now()
        and (p_also is null or ts_match_vq(e.terms, p_also))
        and (p_price_min is null or e.price_minor >= p_price_min)
        and (p_price_max is null or e.price_minor <= p_price_max)
        and coalesce(e.owner_user_id, 0) not in (select b.user_id from people.blocked as b)
        and (p_year is null or exists (
            select
            from market_data.listing_fitments as f
            where f.listing_id = e.listing_id
                and f.generation_id = p_generation
                and p_year between coalesce(f.year_from, 0) and coalesce(f.year_to, 9999)));
end;

comment on function market.search_rows(bigint, bigint, bigint, integer, tsquery) is
    'Helper: the search entries that anybody may find, within these prices, fitting this year of a '
    'generation and with these terms. Raises: nothing.';
