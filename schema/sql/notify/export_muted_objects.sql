-- Guarantees: the listings, shops and people of which the person hears nothing.
create or replace function notify.export_muted_objects(
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
        m.id::text,
        jsonb_build_object(
            'object_type', m.object_type, 'object_id', m.object_id, 'created_at', m.created_at)
    from notify_data.object_mutes as m
    where m.user_id = p_user
        and m.id > coalesce(p_after::bigint, 0)
    order by m.id
    limit p_limit;
end;

comment on function notify.export_muted_objects(bigint, text, integer) is
    'Helper: what a person muted, for the export. Raises: nothing.';
