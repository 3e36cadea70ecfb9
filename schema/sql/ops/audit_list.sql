-- Reads only; newest first. The partition key is bounded on both sides: without a start, the last
-- 90 days are read.
create or replace function ops.audit_list(
    p_actor bigint,
    p_from timestamptz,
    p_to timestamptz,
    p_object_type text,
    p_object_id text,
    p_limit integer,
    p_after_at timestamptz,
    p_after_id bigint
)
returns table (
    audit_id bigint,
    at timestamptz,
    actor_id bigint,
    action text,
    object_type text,
    object_id text,
    details jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_to constant timestamptz := least(coalesce(p_to, v_now), v_now);
    v_from constant timestamptz := coalesce(p_from, v_to - interval '90 days');
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select r.id, r.at, r.actor_id, r.action, r.object_type, r.object_id, r.details
    from ops.audit_rows(
        v_from, v_to, p_object_type, p_object_id, p_after_at, p_after_id,
        least(greatest(coalesce(p_limit, 20), 1), 100)) as r;
end
$$;

comment on function ops.audit_list(
    bigint, timestamptz, timestamptz, text, text, integer, timestamptz, bigint) is
    'Who did what, newest first; without a start, the last 90 days. actor_id is null for jobs and '
    'operators. '
    'Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function
    ops.audit_list(bigint, timestamptz, timestamptz, text, text, integer, timestamptz, bigint)
to kardan_api;
