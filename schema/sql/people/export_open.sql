-- Guarantees: the acting person may read everything stored about them for the next six hours, by
-- export_part; so often a day as the setting export.daily says. A blocked person may, too:
-- it is theirs. Locks the person, so that of two calls at once the second counts the first. Each
-- call is an export of its own.
create or replace function people.export_open(p_actor bigint)
returns table (
    export_id uuid,
    user_id bigint,
    at timestamptz,
    section text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day constant timestamptz := ops.clock_now() - interval '24 hours';
    v_most constant integer := greatest(1, ops.setting_integer('export.daily', 3));
    v_full timestamptz;
begin
    perform people.actor_known(p_actor);
    perform u.id from people_data.users as u where u.id = p_actor for no key update;

    -- The next one is due when the oldest of as many as are allowed is a day old.
    select e.at into v_full
    from people_data.exports as e
    where e.user_id = p_actor
        and e.at > v_day
        and not e.by_operator
    order by e.at desc
    offset v_most - 1
    limit 1;
    if found then
        raise exception using
            errcode = 'ZLIMT', constraint = 'export_limit',
            message = 'everything was asked for too often within a day',
            hint = greatest(1, ceil(extract(epoch from v_full - v_day)))::bigint::text;
    end if;

    return query
    select b.export_id, b.user_id, b.at, b.section
    from people.export_begin(p_actor, p_actor) as b;
end
$$;

comment on function people.export_open(bigint) is
    'Opens the export of everything stored about the acting person and gives its parts in their '
    'order. The hint of export_limit is the seconds until the next one. Raises: actor_unknown, '
    'export_limit.';

grant execute on function people.export_open(bigint) to kardan_api, kardan_bot;
