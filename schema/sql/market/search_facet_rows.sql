-- What the facets of a search count: each entry that p_terms matches and anybody may find, with the
-- filters that keep it out as bits (see search_facet_filters). One select, so that it inlines; its
-- arguments are single values because it looks at them for every row.

create or replace function market.search_facet_rows(
    p_terms tsquery,
    p_kind text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_place bigint,
    p_condition text,
    p_in_stock boolean,
    p_price_min bigint,
    p_price_max bigint,
    p_generation bigint,
    p_year integer,
    p_attributes jsonb,
    p_also tsquery
)
returns table (
    listing_id bigint,
    price_minor bigint,
    kind text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    place_id bigint,
    condition text,
    currency text,
    is_in_stock boolean,
    misses integer
)
language sql
stable
parallel safe
begin atomic
    select
        r.listing_id, r.price_minor, r.kind, r.category_id, r.subcategory_id, r.brand_id,
        r.place_id, r.condition, r.currency, r.is_in_stock,
        case when r.kind <> p_kind then 1 else 0 end
        | case when r.category_id <> p_category then 2 else 0 end
        | case when r.subcategory_id <> p_subcategory then 4 else 0 end
        | case when coalesce(r.brand_id, 0) <> p_brand then 8 else 0 end
        | case when r.place_id <> p_place then 16 else 0 end
        | case when r.condition <> p_condition then 32 else 0 end
        | case when p_in_stock and not r.is_in_stock then 64 else 0 end
        | case when r.price_minor < p_price_min or r.price_minor > p_price_max then 128 else 0 end
        | case when p_attributes is null then 0 else coalesce((
            select bit_or(k.flag)
            from market.search_facet_filters(
                jsonb_build_object('attributes', p_attributes)) as k
            where not r.terms @@ market.search_quote(k.tag)::tsquery), 0)
        end
    from market.search_rows(null, null, p_generation, p_year, p_also) as r
    where r.terms @@ p_terms;
end;

comment on function market.search_facet_rows(
    tsquery, text, bigint, bigint, bigint, bigint, text, boolean, bigint, bigint, bigint, integer,
    jsonb, tsquery) is
    'Helper: entries that match, and the filters that each of them fails as bits. Raises: nothing.';
