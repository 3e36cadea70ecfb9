-- Guarantees: name and frequency are as asked; what is null stays. A search that told nothing and
-- now does begins with what is published from now on; what was found and not told yet keeps its
-- time. Locks the saved search. Idempotent by state.

create or replace function market.saved_search_update(
    p_actor bigint,
    p_saved_search bigint,
    p_version integer,
    p_name text,
    p_frequency text
)
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_version integer;
begin
    perform people.actor_require(p_actor, 'user');
    select s.version into v_version
    from market_data.saved_searches as s
    where s.id = p_saved_search
        and s.user_id = p_actor
    for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'saved_search_unknown',
            message = 'the person has no such saved search';
    end if;
    perform market.listing_version_require(p_version, v_version);

    update market_data.saved_searches as s
    set name = w.name, frequency = w.frequency, updated_at = v_now,
        since_at = case when s.frequency = 'never' then v_now else s.since_at end
    from (
        select coalesce(nullif(btrim(p_name), ''), o.name) as name,
            coalesce(p_frequency, o.frequency) as frequency
        from market_data.saved_searches as o
        where o.id = p_saved_search
    ) as w
    where s.id = p_saved_search
        and (s.name, s.frequency) is distinct from (w.name, w.frequency);

    return query
    select
        r.saved_search_id, r.name, r.query, r.kind, r.category_id, r.subcategory_id, r.brand_id,
        r.place_id, r.condition, r.price_min, r.price_max, r.currency, r.in_stock,
        r.generation_id, r.year, r.attributes, r.frequency, r.created_at, r.updated_at, r.version,
        r.vehicle_id
    from market.saved_search_rows(p_actor) as r
    where r.saved_search_id = p_saved_search;
end
$$;

comment on function market.saved_search_update(bigint, bigint, integer, text, text) is
    'Changes the name or the frequency of a saved search. Raises: actor_unknown, actor_blocked, '
    'saved_search_unknown, version_stale, saved_search_name_length, '
    'saved_search_frequency_known.';

grant execute on function market.saved_search_update(bigint, bigint, integer, text, text)
    to kardan_api, kardan_bot;
