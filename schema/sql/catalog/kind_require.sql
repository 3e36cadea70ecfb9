-- Guarantees: returns when the kind of listing exists, raises otherwise. Locks nothing.

create or replace function catalog.kind_require(p_kind text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_kind is null or p_kind not in ('car', 'part', 'service') then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'kind_unknown',
            message = format('There is no kind of listing called %L.', p_kind),
            detail = 'The kinds are car, part and service.';
    end if;
end
$$;

comment on function catalog.kind_require(text) is
    'Step: the kind of listing must exist. Raises: kind_unknown.';
