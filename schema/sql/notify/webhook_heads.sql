-- A step: of what is open about each of these things, the first is the one that waits; while one is
-- under way, none. The caller holds the address.
create or replace function notify.webhook_heads(p_webhook bigint, p_objects text[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update notify_data.webhook_deliveries as d
    set state = 'behind'
    where d.webhook_id = p_webhook
        and d.object_key = any (p_objects)
        and d.state = 'waiting';
    update notify_data.webhook_deliveries as d
    set state = 'waiting'
    from unnest(p_objects) as o (key)
    cross join lateral (
        select b.created_at, b.id
        from notify_data.webhook_deliveries as b
        where b.webhook_id = p_webhook
            and b.object_key = o.key
            and b.state = 'behind'
        order by b.id
        limit 1
    ) as f
    where d.created_at = f.created_at
        and d.id = f.id
        and not exists (
            select
            from notify_data.webhook_deliveries as l
            where l.webhook_id = p_webhook
                and l.object_key = o.key
                and l.state = 'leased');
end
$$;

comment on function notify.webhook_heads(bigint, text[]) is
    'Step: lets the first delivery about each of these things wait. Raises: nothing.';
