-- A person's saved searches as they are shown: one select, so that it inlines; the filters that
-- were not given are null. For entries.

create or replace function market.saved_search_rows(p_user bigint)
returns table (
    saved_search_id bigint,
    name text,
    query text,
    kind text,
    category_id bigint,
    subcategory_id bigint,
    brand_id bigint,
    place_id bigint,
    condition text,
    price_min bigint,
    price_max bigint,
    currency text,
    in_stock boolean,
    generation_id bigint,
    year integer,
    attributes jsonb,
    frequency text,
    created_at timestamptz,
    updated_at timestamptz,
    version integer,
    vehicle_id bigint
)
language sql
stable
parallel safe
begin atomic
    select
        s.id, s.name, s.query, s.filters ->> 'kind', (s.filters ->> 'category')::bigint,
        (s.filters ->> 'subcategory')::bigint, (s.filters ->> 'brand')::bigint,
        (s.filters ->> 'place')::bigint, s.filters ->> 'condition',
        (s.filters ->> 'price_min')::bigint, (s.filters ->> 'price_max')::bigint,
        s.filters ->> 'currency', (s.filters ->> 'in_stock')::boolean,
        (s.filters ->> 'generation')::bigint, (s.filters ->> 'year')::integer,
        s.filters -> 'attributes', s.frequency, s.created_at, s.updated_at, s.version,
        s.vehicle_id
    from market_data.saved_searches as s
    where s.user_id = p_user;
end;

comment on function market.saved_search_rows(bigint) is
    'Helper: the saved searches of a person. Raises: nothing.';
