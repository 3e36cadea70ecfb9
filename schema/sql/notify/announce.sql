-- A step of any domain: writes into the log of events, in the transaction in which it happens: a
-- row for each of these people and one for the shop, if any. Streams and webhooks read it. Locks
-- nothing.
create or replace function notify.announce(
    p_type text,
    p_users bigint[],
    p_shop bigint,
    p_at timestamptz,
    p_data jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into notify_data.events (at, type, user_id, shop_id, event_at, data)
    select ops.clock_now(), p_type, a.user_id, a.shop_id, p_at, coalesce(p_data, '{}')
    from (
        select distinct u.id, null::bigint
        from unnest(p_users) as u (id)
        where u.id is not null
        union all
        select null, p_shop
        where p_shop is not null
    ) as a (user_id, shop_id);
end
$$;

comment on function notify.announce(text, bigint[], bigint, timestamptz, jsonb) is
    'Step: writes an event for these people and this shop; either may be null. Raises: nothing.';
