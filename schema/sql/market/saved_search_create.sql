-- Guarantees: the person has a saved search for this query and these filters; what is published
-- from now on is told as often as asked. With a vehicle of the garage it asks for what fits that,
-- now and after the vehicle has changed. At most 50 a person. Locks: an advisory lock of the
-- person's saved searches, then the vehicle. Idempotent: the same query and filters are one saved
-- search, and it stays as it was.

create or replace function market.saved_search_create(
    p_actor bigint,
    p_name text,
    p_frequency text,
    p_query text,
    p_kind text,
    p_category bigint,
    p_subcategory bigint,
    p_brand bigint,
    p_place bigint,
    p_condition text,
    p_price_min bigint,
    p_price_max bigint,
    p_currency text,
    p_in_stock boolean,
    p_generation bigint,
    p_year integer,
    p_attributes jsonb,
    p_vehicle bigint
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
    v_query constant text := coalesce(btrim(regexp_replace(p_query, '\s+', ' ', 'g')), '');
    v_filters jsonb;
    v_id bigint;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.search_attributes_require(p_attributes, coalesce(p_subcategory, p_category));
    perform pg_advisory_xact_lock(hashtextextended('kardan.saved_searches:' || p_actor, 0));
    select market.search_filters(
        p_kind, p_category, p_subcategory, p_brand, p_place, p_condition, p_price_min, p_price_max,
        p_currency, p_in_stock, v.generation_id, v.year, p_attributes, null, null)
    into v_filters
    from market.saved_search_vehicle(p_actor, p_vehicle, p_generation, p_year) as v;

    select s.id into v_id
    from market_data.saved_searches as s
    where s.user_id = p_actor
        and s.query = v_query
        and s.filters = v_filters
        and s.vehicle_id is not distinct from p_vehicle;
    if not found then
        if (select count(*) from market_data.saved_searches as s where s.user_id = p_actor) >= 50
        then
            raise exception using
                errcode = 'ZCONF', constraint = 'saved_search_limit',
                message = 'a person has at most 50 saved searches; delete one first';
        end if;
        insert into market_data.saved_searches (
            user_id, name, query, filters, frequency, terms, anchors, since_at, created_at,
            updated_at, vehicle_id)
        select p_actor, coalesce(nullif(btrim(p_name), ''), nullif(left(v_query, 100), ''), '…'),
            v_query, v_filters, coalesce(p_frequency, 'daily'), t.terms, t.anchors, v_now, v_now,
            v_now, p_vehicle
        from market.saved_search_terms(v_query, v_filters) as t
        returning id into v_id;
    end if;

    return query
    select
        r.saved_search_id, r.name, r.query, r.kind, r.category_id, r.subcategory_id, r.brand_id,
        r.place_id, r.condition, r.price_min, r.price_max, r.currency, r.in_stock,
        r.generation_id, r.year, r.attributes, r.frequency, r.created_at, r.updated_at, r.version,
        r.vehicle_id
    from market.saved_search_rows(p_actor) as r
    where r.saved_search_id = v_id;
end
$$;

comment on function market.saved_search_create(
    bigint, text, text, text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text,
    boolean, bigint, integer, jsonb, bigint) is
    'Saves a search. p_frequency: at_once, hourly, daily (when null), never. Without a name the '
    'query is its name. p_vehicle, of the garage, stands for generation and year. Raises: '
    'actor_unknown, actor_blocked, saved_search_limit, search_vehicle_alone, '
    'garage_vehicle_unknown, garage_generation_required, '
    'saved_search_empty, saved_search_name_length, saved_search_query_length, '
    'saved_search_frequency_known, kind_unknown, search_condition_unknown, '
    'search_currency_unknown, search_price_range, search_year_needs_generation, '
    'search_attributes_shape, search_attribute_unknown.';

grant execute on function market.saved_search_create(
    bigint, text, text, text, text, bigint, bigint, bigint, bigint, text, bigint, bigint, text,
    boolean, bigint, integer, jsonb, bigint) to kardan_api, kardan_bot;
