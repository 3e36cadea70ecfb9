-- Guarantees: one row: the make and the model year that a VIN, which vin_require has let pass,
-- tells surely enough to be filled in: a make of the catalogue, and a year that is the only one
-- possible. Nulls otherwise, and for no VIN. Locks nothing.

create or replace function catalog.vin_prefill(
    p_vin text,
    p_last_year integer
)
returns table (
    make_id bigint,
    year integer
)
language sql
stable
parallel safe
begin atomic
    select
        max(h.make_id),
        max(case when h.field = 'model_year' and h.certainty <> 'low' then h.value end)::integer
    from catalog.vin_hints(p_vin, p_last_year) as h
    where p_vin is not null;
end;

comment on function catalog.vin_prefill(text, integer) is
    'Helper: make and model year to fill in from a normalised VIN. Raises: nothing.';
