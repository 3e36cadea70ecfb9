-- Reads only; newest first. The partition key is bounded on both sides: without a start, the last
-- 90 days are read. Planned for the very filters of a call: one plan for all of them would walk all
-- of the time that is asked about, whatever the thing.
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
set plan_cache_mode = force_custom_plan
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_to constant timestamptz := least(coalesce(p_to, v_now), v_now);
    v_from constant timestamptz := coalesce(p_from, v_to - interval '90 days');
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select a.id, a.at, a.actor_id, a.action, a.object_type, a.object_id, a.details
    from ops_data.audit as a
    where a.at >= v_from
        and a.at <= coalesce(p_after_at, v_to)
        and a.at <= v_to
        and (p_after_id is null or (a.at, a.id) < (coalesce(p_after_at, v_to), p_after_id))
        and (p_object_type is null or a.object_type = p_object_type)
        and (p_object_id is null or a.object_id = p_object_id)
    order by a.at desc, a.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
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
