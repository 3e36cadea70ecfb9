-- Guarantees: the field (kind, category, key) is locked and of the type, with its number and
-- version; both are null when there is none and none was expected. Locks the definition.

create or replace function catalog.attribute_lock(
    p_kind text,
    p_category_id bigint,
    p_key text,
    p_type text,
    p_version integer
)
returns table (
    id bigint,
    version integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id bigint;
    v_version integer;
    v_type text;
begin
    select d.id, d.version, d.type into v_id, v_version, v_type
    from catalog_data.attribute_definitions as d
    where d.kind = p_kind
        and d.category_id is not distinct from p_category_id
        and d.key = p_key
    for update;

    if v_id is null and p_version is not null then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'attribute_not_found',
            message = format('There is no extra field %s to change.', p_key);
    end if;
    if v_type <> p_type then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'attribute_type_fixed',
            message = format('The field %s is of the type %s and stays so.', p_key, v_type),
            detail = 'Archive it and make another key.';
    end if;

    return query select v_id, v_version;
end
$$;

comment on function catalog.attribute_lock(text, bigint, text, text, integer) is
    'Step: locks an extra field before a change; nulls when it is a new one. '
    'Raises: attribute_not_found, attribute_type_fixed.';
