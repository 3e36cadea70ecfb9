-- Guarantees: the filters that a facet can switch off, of those that are present: the bit of each,
-- the bits that are off where its own facet counts (a category takes its subcategory with it, a
-- kind both), and its term. It has none where nearly every listing passes it (in stock, a part): no
-- lookup is worth it. Locks nothing.

create or replace function market.search_facet_filters(p_filters jsonb)
returns table (
    attribute text,
    flag integer,
    off integer,
    tag text
)
language sql
immutable
parallel safe
begin atomic
    select
        null, s.flag, s.off,
        case s.key
            when 'in_stock' then null
            when 'price_min' then null
            when 'price_max' then null
            else s.sign || nullif(p_filters ->> s.key, 'part')
        end
    from (
        values
            ('kind', 1, 7, '=k:'), ('category', 2, 6, '=c:'), ('subcategory', 4, 4, '=s:'),
            ('brand', 8, 8, '=b:'), ('place', 16, 16, '=p:'), ('condition', 32, 32, '=n:'),
            ('in_stock', 64, 64, ''), ('price_min', 128, 128, ''), ('price_max', 128, 128, '')
    ) as s (key, flag, off, sign)
    where p_filters ? s.key
    union all
    select
        a.key, 256 << least(a.place - 1, 15)::integer, 256 << least(a.place - 1, 15)::integer,
        case when octet_length(n.tag) <= 400 then n.tag else '=nothing' end
    from jsonb_each(p_filters -> 'attributes') with ordinality as a (key, value, place)
    cross join market_data.search_attribute_tag(a.key, a.value) as n (tag);
end;

comment on function market.search_facet_filters(jsonb) is
    'Helper: the filters of a search that facets switch off, a bit each. Raises: nothing.';
