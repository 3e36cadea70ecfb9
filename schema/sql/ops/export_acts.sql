-- Guarantees: what the person did that is recorded, without the details, which may be about other
-- people.
create or replace function ops.export_acts(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        format('%s|%s', a.at, a.id),
        jsonb_build_object('at', a.at, 'action', a.action, 'object_type', a.object_type,
            'object_id', a.object_id)
    from ops_data.audit as a
    where a.actor_id = p_user
        and a.at >= coalesce(
            split_part(p_after, '|', 1)::timestamptz, people.user_created_at(p_user))
        and a.at <= ops.clock_now()
        and (p_after is null or (a.at, a.id) > (
            split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint))
    order by a.at, a.id
    limit p_limit;
end;

comment on function ops.export_acts(bigint, text, integer) is
    'Helper: what a person did that was recorded, for the export. Raises: nothing.';
