-- Guarantees: what happened until that time, and is there now, is read. Never takes anything back:
-- an earlier time changes nothing, and so does a repeat, except that what came in between is read
-- as well. Locks the person's mark.
create or replace function notify.notice_read(p_actor bigint, p_until timestamptz)
returns table (
    read_until timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_until constant timestamptz := least(coalesce(p_until, v_now), v_now + interval '1 day');
begin
    perform people.actor_known(p_actor);

    return query
    insert into notify_data.feeds as f (user_id, read_until, marked_at)
    values (p_actor, v_until, v_now)
    on conflict (user_id) do update
    set read_until = greatest(f.read_until, excluded.read_until),
        marked_at = case
            when excluded.read_until >= f.read_until then excluded.marked_at
            else f.marked_at
        end
    returning f.read_until;
end
$$;

comment on function notify.notice_read(bigint, timestamptz) is
    'A person has read what happened until then; without a time, until now. Raises: actor_unknown.';

grant execute on function notify.notice_read(bigint, timestamptz) to kardan_api, kardan_bot;
