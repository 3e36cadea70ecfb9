-- The tail of a creating request: keeps its answer beside its work, in the same transaction. An
-- answer that is kept already stays: it was told.
create or replace function ops.idempotency_finish(
    p_actor bigint,
    p_key text,
    p_status integer,
    p_headers jsonb,
    p_body bytea
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update ops_data.idempotency_keys as k
    set status = p_status, headers = p_headers, body = p_body
    where k.actor_id = p_actor
        and k.key = p_key
        and k.status is null;
end
$$;

comment on function ops.idempotency_finish(bigint, text, integer, jsonb, bytea) is
    'Keeps the answer to a creating request for 24 hours. Raises: nothing.';

grant execute on function ops.idempotency_finish(bigint, text, integer, jsonb, bytea) to kardan_api;
