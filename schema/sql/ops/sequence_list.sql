-- Reads one row of each sequence. Those that begin anew at their end have no end.
create or replace function ops.sequence_list()
returns table (
    schema_name text,
    sequence_name text,
    used_ratio double precision
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        s.schemaname::text,
        s.sequencename::text,
        case
            when s.increment_by > 0
                then (s.last_value::numeric - s.min_value) / (s.max_value::numeric - s.min_value)
            else (s.max_value::numeric - s.last_value) / (s.max_value::numeric - s.min_value)
        end::double precision
    from pg_sequences as s
    where not s.cycle
        and s.last_value is not null
        and s.max_value > s.min_value
    order by 3 desc, 1, 2;
end
$$;

comment on function ops.sequence_list() is
    'Every sequence that was used, with the share of its numbers that are gone, from 0 to 1, the '
    'fullest first. Raises: nothing.';

grant execute on function ops.sequence_list() to kardan_monitor, kardan_admin;
