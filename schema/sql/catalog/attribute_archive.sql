-- Guarantees: the field is neither asked nor accepted any more; values that listings have stay.
-- Locks the definition. Idempotent by state: archiving what is archived changes nothing.

create or replace function catalog.attribute_archive(
    p_actor bigint,
    p_id bigint,
    p_version integer
)
returns table (
    attribute_id bigint,
    version integer,
    changed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := ops.clock_now();
    v_version integer;
    v_archived_at timestamptz;
    v_before jsonb;
begin
    perform people.actor_require(p_actor, 'admin');

    select d.version, d.archived_at into v_version, v_archived_at
    from catalog_data.attribute_definitions as d
    where d.id = p_id
    for update;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'attribute_not_found',
            message = format('There is no extra field %s.', p_id);
    end if;
    if v_archived_at is not null then
        return query select p_id, v_version, false;
        return;
    end if;

    v_before := catalog.attribute_state(p_id);
    update catalog_data.attribute_definitions as d
    set archived_at = v_now
    where d.id = p_id;
    v_version := catalog.attribute_advance(
        p_actor, p_id, p_version, v_before, catalog.attribute_state(p_id));

    return query select p_id, v_version, true;
end
$$;

comment on function catalog.attribute_archive(bigint, bigint, integer) is
    'An administrator takes an extra field out of use; attribute_set brings it back. p_version '
    'null compares nothing; changed is false when it was out of use already. Raises: '
    'actor_unknown, actor_blocked, role_required, attribute_not_found, version_stale.';

grant execute on function catalog.attribute_archive(bigint, bigint, integer)
    to kardan_api, kardan_bot;
