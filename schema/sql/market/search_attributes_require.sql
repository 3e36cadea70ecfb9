-- A step: a search filters by extra fields that there are at this moment and that are meant for
-- filters, in the category that it names or in any. Refused and not ignored: whoever is shown
-- everything believes that everything fits. The shape and size of the whole are looked at
-- elsewhere. Locks nothing.
create or replace function market.search_attributes_require(p_attributes jsonb, p_category bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text;
begin
    if p_attributes is null or jsonb_typeof(p_attributes) <> 'object'
        or pg_column_size(p_attributes) > 2048
    then
        return;
    end if;
    select k.key into v_key
    from jsonb_object_keys(p_attributes) as k (key)
    where not catalog.attribute_filterable(k.key, p_category)
    order by k.key
    limit 1;
    if v_key is not null then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'search_attribute_unknown',
            column = 'attributes',
            message = format('there is no extra field %s to filter by', left(v_key, 80)),
            detail = left(v_key, 80);
    end if;
end
$$;

comment on function market.search_attributes_require(jsonb, bigint) is
    'Step: a search may filter by each of these extra fields; the error''s detail names the first '
    'that it may not. Raises: search_attribute_unknown.';
