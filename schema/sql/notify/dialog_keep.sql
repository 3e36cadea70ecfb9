-- Guarantees: the update counts as handled, and the dialog goes on from here, when the transaction
-- that took it commits. Idempotent by state.
create or replace function notify.dialog_keep(
    p_actor bigint,
    p_update bigint,
    p_flow text,
    p_data jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    update notify_data.dialogs as d
    set update_id = p_update,
        flow = p_flow,
        data = case when p_flow is null then '{}' else coalesce(p_data, '{}') end,
        updated_at = ops.clock_now()
    where d.user_id = p_actor;
end
$$;

comment on function notify.dialog_keep(bigint, bigint, text, jsonb) is
    'Says that an update was handled and what the bot and a person are at now. Null: p_flow when '
    'they are at nothing. Raises: actor_unknown, dialog_flow_length, dialog_data_is_object, '
    'dialog_data_size.';

grant execute on function notify.dialog_keep(bigint, bigint, text, jsonb) to kardan_bot;
