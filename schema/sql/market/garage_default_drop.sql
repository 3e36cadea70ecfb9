-- A step: no vehicle of the person is the usual one any more; the caller, who has locked the
-- garage, makes another one so.

create or replace function market.garage_default_drop(p_actor bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update market_data.garage_vehicles as g
    set is_default = false
    where g.user_id = p_actor
        and g.is_default;
end
$$;

comment on function market.garage_default_drop(bigint) is
    'Step: makes room for another usual vehicle. Raises: nothing.';
