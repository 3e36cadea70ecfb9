-- The head of a creating request that may be repeated: call it first in the transaction that does
-- the work, and idempotency_finish last. One transaction, so a crash leaves neither the work nor
-- the key. An advisory lock of the transaction keeps a repetition that comes too early from
-- waiting: it is refused.
create or replace function ops.idempotency_begin(
    p_actor bigint,
    p_key text,
    p_route text,
    p_request_hash bytea
)
returns table (
    is_stored boolean,
    status integer,
    headers jsonb,
    body bytea
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_stored ops_data.idempotency_keys;
begin
    if not pg_try_advisory_xact_lock(hashtextextended(p_actor::text || ':' || p_key, 0)) then
        raise exception using
            errcode = 'ZCONF', constraint = 'idempotency_in_flight',
            message = 'a request with this key is being worked on', hint = '1';
    end if;

    delete from ops_data.idempotency_keys as k
    where k.actor_id = p_actor
        and k.key = p_key
        and k.created_at <= v_now - interval '24 hours';

    insert into ops_data.idempotency_keys (actor_id, key, route, request_hash, created_at)
    values (p_actor, p_key, p_route, p_request_hash, v_now)
    on conflict (actor_id, key) do nothing;

    if found then
        return query select false, null::integer, null::jsonb, null::bytea;
        return;
    end if;

    select k.* into strict v_stored
    from ops_data.idempotency_keys as k
    where k.actor_id = p_actor
        and k.key = p_key;

    if (v_stored.route, v_stored.request_hash) is distinct from (p_route, p_request_hash) then
        raise exception using
            errcode = 'ZINVL', constraint = 'idempotency_key_reused',
            message = 'this key was used for another request';
    end if;
    return query select true, v_stored.status, v_stored.headers, v_stored.body;
end
$$;

comment on function ops.idempotency_begin(bigint, text, text, bytea) is
    'Claims a key for a creating request, or tells the answer that it got before (then status, '
    'headers and body are set). '
    'Raises: idempotency_in_flight, idempotency_key_reused, idempotency_key_length, '
    'idempotency_request_hash_size.';

grant execute on function ops.idempotency_begin(bigint, text, text, bytea) to kardan_api;
