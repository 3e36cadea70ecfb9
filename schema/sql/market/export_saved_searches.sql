-- Guarantees: the saved searches of the person.
create or replace function market.export_saved_searches(
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
        s.id::text,
        jsonb_build_object(
            'saved_search_id', s.id, 'name', s.name, 'query', s.query, 'filters', s.filters,
            'frequency', s.frequency, 'vehicle_id', s.vehicle_id, 'created_at', s.created_at,
            'updated_at', s.updated_at)
    from market_data.saved_searches as s
    where s.user_id = p_user
        and s.id > coalesce(p_after::bigint, 0)
    order by s.id
    limit p_limit;
end;

comment on function market.export_saved_searches(bigint, text, integer) is
    'Helper: the saved searches of a person, for the export. Raises: nothing.';
