-- Guarantees: the person has no such saved search, and nothing that it found is told any more.
-- Locks the saved search and its alerts. Repeated it changes nothing.

create or replace function market.saved_search_delete(p_actor bigint, p_saved_search bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    delete from market_data.saved_searches as s
    where s.id = p_saved_search
        and s.user_id = p_actor;
end
$$;

comment on function market.saved_search_delete(bigint, bigint) is
    'Deletes a saved search of a person and what it has found. Raises: actor_unknown.';

grant execute on function market.saved_search_delete(bigint, bigint) to kardan_api, kardan_bot;
