-- Guarantees: whoever handles something that the person did in the bot is the only one until the
-- transaction ends, and knows whether it was handled before, and answered: Telegram tells again
-- what was not acknowledged, in order, for a day. After a week of silence it begins with other
-- numbers, so an old number proves nothing. Locks the person's row of dialogs.
create or replace function notify.dialog_take(p_actor bigint, p_update bigint)
returns table (is_repeat boolean, is_answered boolean, flow text, data jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_known(p_actor);

    insert into notify_data.dialogs as d (user_id, update_id, updated_at)
    values (p_actor, greatest(p_update, 1) - 1, v_now)
    on conflict (user_id) do nothing;

    return query
    select
        d.update_id >= p_update and d.updated_at > v_now - interval '2 days',
        coalesce(d.answered_id >= p_update, false)
            and d.updated_at > v_now - interval '2 days',
        d.flow, d.data
    from notify_data.dialogs as d
    where d.user_id = p_actor
    for update;
end
$$;

comment on function notify.dialog_take(bigint, bigint) is
    'What the bot and a person are at, locked for whoever handles an update of theirs, and whether '
    'this one was handled and answered before. Null: flow when they are at nothing. Raises: '
    'actor_unknown.';

grant execute on function notify.dialog_take(bigint, bigint) to kardan_bot;
