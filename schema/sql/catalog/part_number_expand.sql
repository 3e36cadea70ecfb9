-- Guarantees: the number itself first, then its analogues within three steps which are sure
-- enough (0.3), 50 numbers at most. Costs two index probes when there are none. Locks nothing.

create or replace function catalog.part_number_expand(p_number_norm text)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_numbers text[];
begin
    if coalesce(p_number_norm, '') = '' then
        return array[]::text[];
    end if;
    if not exists (select from catalog.part_sources(null, p_number_norm)) then
        return array[p_number_norm];
    end if;

    select array_agg(a.number_norm order by a.confidence desc, a.number_norm) into v_numbers
    from (
        select w.number_norm, max(w.confidence) as confidence
        from catalog.part_walk(null, p_number_norm, 0.3) as w
        where w.number_norm <> p_number_norm
        group by w.number_norm
        order by 2 desc, 1
        limit 49
    ) as a;
    return array[p_number_norm] || coalesce(v_numbers, array[]::text[]);
end
$$;

comment on function catalog.part_number_expand(text) is
    'Step: a normalised part number and its analogues, for a search; an empty array for an empty '
    'number. Raises: nothing.';
