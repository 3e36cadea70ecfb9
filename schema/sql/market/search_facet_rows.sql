-- What the facets of a search count: each entry that p_terms matches and anybody may find, with the
-- filters that keep it out as bits (see search_facet_filters). One select, so that it inlines.

create or replace function market.search_facet_rows(p_terms tsquery, p_filters jsonb)
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
    misses integer
)
language sql
stable
parallel safe
begin atomic
    select
        r.listing_id, r.published_at, r.price_minor, r.kind, r.category_id, r.subcategory_id,
        r.brand_id, r.place_id, r.condition, r.currency, r.is_in_stock,
        case when r.kind <> p_filters ->> 'kind' then 1 else 0 end
        | case when r.category_id <> (p_filters ->> 'category')::bigint then 2 else 0 end
        | case when r.subcategory_id <> (p_filters ->> 'subcategory')::bigint then 4 else 0 end
        | case when coalesce(r.brand_id, 0) <> (p_filters ->> 'brand')::bigint then 8 else 0 end
        | case when r.place_id <> (p_filters ->> 'place')::bigint then 16 else 0 end
        | case when r.condition <> p_filters ->> 'condition' then 32 else 0 end
        | case when not r.is_in_stock and p_filters ? 'in_stock' then 64 else 0 end
        | case
            when r.price_minor < (p_filters ->> 'price_min')::bigint
                or r.price_minor > (p_filters ->> 'price_max')::bigint then 128
            else 0
        end
        | case when p_filters ? 'attributes' then coalesce((
            select bit_or(k.flag)
            from market.search_facet_filters(p_filters) as k
            where k.attribute is not null
                and not r.terms @@ market.search_quote(k.tag)::tsquery), 0)
            else 0
        end
    from market.search_rows(
        null, null, (p_filters ->> 'generation')::bigint, (p_filters ->> 'year')::integer) as r
    where r.terms @@ p_terms;
end;

comment on function market.search_facet_rows(tsquery, jsonb) is
    'Helper: entries that match, and the filters that each of them fails as bits. Raises: nothing.';
