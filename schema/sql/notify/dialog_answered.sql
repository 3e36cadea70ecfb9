-- Guarantees: the answer to this update counts as sent, so that it is not sent again when Telegram
-- tells the update again. Idempotent. Whoever is no account any more has no dialog.
create or replace function notify.dialog_answered(p_actor bigint, p_update bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update notify_data.dialogs as d
    set answered_id = p_update, updated_at = ops.clock_now()
    where d.user_id = p_actor;
end
$$;

comment on function notify.dialog_answered(bigint, bigint) is
    'Says that the answer to an update was sent. Raises: nothing.';

grant execute on function notify.dialog_answered(bigint, bigint) to kardan_bot;
