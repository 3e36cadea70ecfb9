-- A step: records who did what to what, in the caller's transaction. Locks nothing.
create or replace function ops.audit_write(
    p_actor bigint,
    p_action text,
    p_object_type text,
    p_object_id text,
    p_details jsonb
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into ops_data.audit (at, actor_id, action, object_type, object_id, details)
    values (ops.clock_now(), p_actor, p_action, p_object_type, p_object_id, p_details);
end
$$;

comment on function ops.audit_write(bigint, text, text, text, jsonb) is
    'Records an act with somebody else''s rights or things. The actor is null for a job or an '
    'operator. Raises: nothing.';
