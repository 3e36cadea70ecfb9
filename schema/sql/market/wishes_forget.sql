-- A step of erasure: what a person looked for, kept and asked for. The contacts that they were
-- shown stay as what they add up to, under a number that is nobody's and the same for all of them,
-- so that different people stay different. The caller says that it erases. Idempotent.
create or replace function market.wishes_forget(p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Below every number of a person; 62 random bits, so that two are never the same.
    v_nobody constant bigint :=
        -1 - (('x' || translate(gen_random_uuid()::text, '-', ''))::bit(64)::bigint
        & 4611686018427387903);
begin
    delete from market_data.search_alerts as a where a.user_id = p_user;
    delete from market_data.saved_searches as s where s.user_id = p_user;
    delete from market_data.garage_vehicles as g where g.user_id = p_user;
    delete from market_data.favourites as f where f.user_id = p_user;
    update market_data.contact_people as k
    set user_id = v_nobody
    where k.user_id = p_user;
    update market_data.contact_clicks as c
    set clicker = v_nobody
    where c.clicker = p_user;
end
$$;

comment on function market.wishes_forget(bigint) is
    'Step: deletes what a person looked for, and unlinks the contacts that they were shown. '
    'Raises: nothing.';
