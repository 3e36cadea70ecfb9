-- Guarantees: what the person and the bot are at.
create or replace function notify.export_dialog(
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
        d.user_id::text,
        jsonb_build_object('flow', d.flow, 'data', d.data, 'updated_at', d.updated_at)
    from notify_data.dialogs as d
    where d.user_id = p_user
        and d.flow is not null
        and p_after is null
    limit p_limit;
end;

comment on function notify.export_dialog(bigint, text, integer) is
    'Helper: what a person and the bot are at, for the export. Raises: nothing.';
