-- A step: an address that is gone, or that failed for five days, is told nothing any more; whoever
-- made it hears that, once. Locks the address.
create or replace function notify.webhook_give_up(p_webhook bigint, p_status integer)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_hook record;
begin
    update notify_data.webhooks as w
    set disabled_at = v_now, disabled_why = case when p_status = 410 then 'gone' else 'failing' end
    where w.id = p_webhook
        and w.disabled_at is null
        and (p_status = 410 or w.failing_since <= v_now - interval '5 days')
    returning w.created_by, w.shop_id, w.url, w.disabled_why into v_hook;
    if found then
        perform notify.tell(
            array[v_hook.created_by], 'webhook.disabled', 'webhook.disabled:' || p_webhook, v_now,
            jsonb_build_object(
                'shop_id', v_hook.shop_id, 'webhook_id', p_webhook, 'url', v_hook.url,
                'why', v_hook.disabled_why));
    end if;
end
$$;

comment on function notify.webhook_give_up(bigint, integer) is
    'Step: switches an address off that is gone or fails for long. Raises: nothing.';
