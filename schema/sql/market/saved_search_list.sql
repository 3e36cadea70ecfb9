-- Guarantees: the saved searches of the acting person, at most 50, by their numbers. Locks nothing.

create or replace function market.saved_search_list(p_actor bigint)
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
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        r.saved_search_id, r.name, r.query, r.kind, r.category_id, r.subcategory_id, r.brand_id,
        r.place_id, r.condition, r.price_min, r.price_max, r.currency, r.in_stock,
        r.generation_id, r.year, r.attributes, r.frequency, r.created_at, r.updated_at, r.version,
        r.vehicle_id
    from market.saved_search_rows(p_actor) as r
    order by r.saved_search_id
    limit 50;
end
$$;

comment on function market.saved_search_list(bigint) is
    'Saved searches of a person, 50 at most. Filters that are not set are null, and so is '
    'vehicle_id unless generation and year are those of a vehicle of the garage. Raises: '
    'actor_unknown.';

grant execute on function market.saved_search_list(bigint) to kardan_api, kardan_bot;
