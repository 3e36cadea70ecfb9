-- Guarantees: the vehicles of the person.
create or replace function market.export_garage(
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
        v.id::text,
        jsonb_build_object(
            'vehicle_id', v.id, 'name', v.name, 'vin', v.vin, 'make_id', v.make_id,
            'model_id', v.model_id, 'generation_id', v.generation_id,
            'engine_id', v.engine_id, 'year', v.year, 'is_default', v.is_default,
            'created_at', v.created_at, 'updated_at', v.updated_at)
    from market_data.garage_vehicles as v
    where v.user_id = p_user
        and v.id > coalesce(p_after::bigint, 0)
    order by v.id
    limit p_limit;
end;

comment on function market.export_garage(bigint, text, integer) is
    'Helper: the vehicles of a person, for the export. Raises: nothing.';
