-- Guarantees: every known engine of the make, by code; a thousand rows are the ceiling.
-- Locks nothing.

create or replace function catalog.engine_list(p_make_id bigint)
returns table (
    engine_id bigint,
    code text,
    displacement_cc integer,
    fuel text,
    power_kw integer
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from catalog_data.makes as k where k.id = p_make_id) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'make_unknown',
            message = format('There is no make %s.', p_make_id);
    end if;

    return query
    select e.id, e.code, e.displacement_cc, e.fuel, e.power_kw
    from catalog_data.engines as e
    where e.make_id = p_make_id
    order by e.code, e.id
    limit 1000;
end
$$;

comment on function catalog.engine_list(bigint) is
    'Engines of a make by code; displacement_cc is null for an electric motor. '
    'Raises: make_unknown.';

grant execute on function catalog.engine_list(bigint) to kardan_api, kardan_bot;
