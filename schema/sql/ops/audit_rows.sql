-- Guarantees: a page of the audit within two times, of one thing, of things of a type or of all,
-- newest first. Locks nothing. Planned for the very filters of a call: one plan for all of them
-- would walk through all of the time that is asked about, whatever the thing.
create or replace function ops.audit_rows(
    p_from timestamptz,
    p_to timestamptz,
    p_object_type text,
    p_object_id text,
    p_after_at timestamptz,
    p_after_id bigint,
    p_limit integer
)
returns table (
    id bigint,
    at timestamptz,
    actor_id bigint,
    action text,
    object_type text,
    object_id text,
    details jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    return query
    select a.id, a.at, a.actor_id, a.action, a.object_type, a.object_id, a.details
    from ops_data.audit as a
    where a.at >= p_from
        and a.at <= coalesce(p_after_at, p_to)
        and a.at <= p_to
        and (p_after_id is null or (a.at, a.id) < (coalesce(p_after_at, p_to), p_after_id))
        and (p_object_type is null or a.object_type = p_object_type)
        and (p_object_id is null or a.object_id = p_object_id)
    order by a.at desc, a.id desc
    limit p_limit;
end
$$;

comment on function ops.audit_rows(
    timestamptz, timestamptz, text, text, timestamptz, bigint, integer) is
    'Step: rows of the audit, newest first. Raises: nothing.';
