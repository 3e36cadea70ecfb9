-- Guarantees: nothing is written into the channel any more; what stands there stays, and Kardan
-- remembers it, so that a channel that comes back has no second post of anything. What waits for a
-- sender is still sent. Audited. Locks the channel. Idempotent by state: what is not there stays
-- away.
create or replace function market.channel_delete(p_actor bigint, p_channel bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');
    update market_data.channels as c
    set deleted_at = ops.clock_now(), updated_at = ops.clock_now()
    where c.id = p_channel
        and c.deleted_at is null;
    if found then
        perform ops.audit_write(p_actor, 'channel.delete', 'channel', p_channel::text, '{}');
    end if;
end
$$;

comment on function market.channel_delete(bigint, bigint) is
    'An administrator ends what Kardan writes into a channel. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.channel_delete(bigint, bigint) to kardan_api, kardan_bot;
