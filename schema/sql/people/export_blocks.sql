-- Guarantees: the blocks of the person, those that are over too. Who blocked is not told.
create or replace function people.export_blocks(
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
        b.id::text,
        jsonb_build_object(
            'reason', b.reason, 'until', nullif(b.until, 'infinity'), 'created_at', b.created_at,
            'lifted_at', b.lifted_at, 'lift_note', b.lift_note)
    from people_data.bans as b
    where b.user_id = p_user
        and b.id > coalesce(p_after::bigint, 0)
    order by b.id
    limit p_limit;
end;

comment on function people.export_blocks(bigint, text, integer) is
    'Helper: the blocks of a person, for the export. Raises: nothing.';
