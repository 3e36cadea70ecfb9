-- A step: of these deliveries, given side by side with when they were queued, those that have come
-- to an end are sent again from their first attempt on, in their order; tells how many. The caller
-- holds the address.
create or replace function notify.webhook_again(
    p_webhook bigint,
    p_times timestamptz[],
    p_deliveries bigint[]
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_objects text[];
    v_count integer;
begin
    with again as (
        update notify_data.webhook_deliveries as d
        set state = 'behind', attempts = 0, due_at = v_now, done_at = null
        from unnest(p_times, p_deliveries) as u (created_at, id)
        where d.created_at = u.created_at
            and d.id = u.id
            and d.state in ('done', 'dead')
        returning d.object_key
    )
    select array_agg(distinct a.object_key), count(*)::integer
    into v_objects, v_count
    from again as a;
    perform notify.webhook_heads(p_webhook, coalesce(v_objects, '{}'));
    update notify_data.webhooks as w
    set next_at = least(w.next_at, v_now)
    where w.id = p_webhook
        and v_count > 0;
    return v_count;
end
$$;

comment on function notify.webhook_again(bigint, timestamptz[], bigint[]) is
    'Step: has deliveries sent again. Raises: nothing.';
