-- A step: the saved searches for what fits a vehicle ask for the generation and year that it has
-- now; what is published, or fits, from now on is told. While it has no generation they stay as
-- they are. The caller has locked the vehicle. Locks its saved searches, in ascending order.
-- Idempotent by state.
create or replace function market.saved_searches_follow(p_vehicle bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_fit jsonb;
begin
    select jsonb_strip_nulls(jsonb_build_object('generation', g.generation_id, 'year', g.year))
    into v_fit
    from market_data.garage_vehicles as g
    where g.id = p_vehicle
        and g.generation_id is not null;
    if v_fit is null then
        return;
    end if;

    perform
    from market_data.saved_searches as s
    where s.vehicle_id = p_vehicle
    order by s.id
    for no key update;

    update market_data.saved_searches as s
    set filters = w.filters, terms = t.terms, anchors = t.anchors, since_at = v_now,
        updated_at = v_now
    from (
        select o.id, o.query, o.filters - array['generation', 'year'] || v_fit as filters
        from market_data.saved_searches as o
        where o.vehicle_id = p_vehicle
    ) as w
    cross join lateral market.saved_search_terms(w.query, w.filters) as t
    where s.id = w.id
        and s.filters <> w.filters;
end
$$;

comment on function market.saved_searches_follow(bigint) is
    'Step: brings the saved searches for a vehicle up to date with it. Raises: nothing.';
