-- A step: locks a channel that is there, for an administrator who has read this version of it.
-- Null: nothing is compared.
create or replace function market.channel_lock(
    p_actor bigint,
    p_channel bigint,
    p_version integer
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    perform people.actor_require(p_actor, 'admin');
    select c.version into v_version
    from market_data.channels as c
    where c.id = p_channel
        and c.deleted_at is null
    for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'channel_unknown',
            message = 'there is no such channel';
    end if;
    if v_version <> p_version then
        raise exception using
            errcode = 'ZSTAL', constraint = 'version_stale',
            message = 'the channel was changed meanwhile', detail = v_version::text;
    end if;
end
$$;

comment on function market.channel_lock(bigint, bigint, integer) is
    'Step: locks a channel for an administrator. Raises: actor_unknown, actor_blocked, '
    'role_required, channel_unknown, version_stale.';
