-- A step: whoever changes which vehicle is the usual one, does it alone. Locks every vehicle of the
-- person, in ascending order.

create or replace function market.garage_lock(p_actor bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from market_data.garage_vehicles as g
    where g.user_id = p_actor
    order by g.id
    for no key update;
end
$$;

comment on function market.garage_lock(bigint) is
    'Step: locks the vehicles of a person. Raises: nothing.';
