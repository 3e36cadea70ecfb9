-- Guarantees: when all of this was asked for before.
create or replace function people.export_exports(
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
        e.id::text,
        jsonb_build_object('export_id', e.id, 'at', e.at, 'by_operator', e.by_operator)
    from people_data.exports as e
    where e.user_id = p_user
        and (p_after is null or e.id > p_after::uuid)
    order by e.id
    limit p_limit;
end;

comment on function people.export_exports(bigint, text, integer) is
    'Helper: the exports of a person, for the export. Raises: nothing.';
