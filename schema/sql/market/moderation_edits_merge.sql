-- Guarantees: what the moderator changed so far, with one more change: "from" stays what the
-- author wrote, and a field that is back at the author's words is told no more.
create or replace function market.moderation_edits_merge(
    p_edits jsonb,
    p_before jsonb,
    p_after jsonb
)
returns jsonb
language sql
immutable
parallel safe
return (
    select coalesce(
        jsonb_object_agg(f.field, jsonb_build_object('from', f.from_value, 'to', f.to_value))
            filter (where f.from_value <> f.to_value),
        '{}')
    from (
        select
            k.field,
            coalesce(p_edits -> k.field -> 'from', p_before -> k.field) as from_value,
            coalesce(p_after -> k.field, p_edits -> k.field -> 'to') as to_value
        from jsonb_object_keys(p_edits || p_after) as k (field)
    ) as f
);

comment on function market.moderation_edits_merge(jsonb, jsonb, jsonb) is
    'Helper: {field: {"from": …, "to": …}} of all edits so far and the one between before and '
    'after. Raises: nothing.';
