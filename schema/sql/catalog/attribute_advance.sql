-- Guarantees: a changed field gets the next version, and the change is recorded; a change made on
-- an older version is refused, and the transaction with it; a null version is not compared. A new
-- field keeps version 1. The caller has locked the definition.

create or replace function catalog.attribute_advance(
    p_actor bigint,
    p_id bigint,
    p_version integer,
    p_before jsonb,
    p_after jsonb
)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    select d.version into strict v_version
    from catalog_data.attribute_definitions as d
    where d.id = p_id;

    if p_before is not null then
        if p_version <> v_version then
            raise exception using
                errcode = 'ZSTAL',
                constraint = 'version_stale',
                message = format('The field %s is in version %s by now.', p_id, v_version),
                detail = 'Read it again and repeat the change on it.';
        end if;
        update catalog_data.attribute_definitions as d
        set version = d.version + 1
        where d.id = p_id
        returning d.version into v_version;
    end if;

    perform ops.audit_write(
        p_actor,
        case when p_after @> '{"archived": true}' then 'attribute.archive' else 'attribute.set' end,
        'attribute', p_id::text,
        jsonb_build_object('before', p_before, 'after', p_after));
    return v_version;
end
$$;

comment on function catalog.attribute_advance(bigint, bigint, integer, jsonb, jsonb) is
    'Step: counts and records a change of an extra field. Raises: version_stale.';
