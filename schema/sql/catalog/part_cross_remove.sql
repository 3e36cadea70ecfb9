-- Guarantees: the cross reference is gone, and who took it away is recorded with what it said.
-- Locks the one row. A repeat finds nothing any more.

create or replace function catalog.part_cross_remove(
    p_actor bigint,
    p_part_cross bigint
)
returns table (part_cross_id bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before jsonb;
begin
    perform people.actor_require(p_actor, 'moderator');

    delete from catalog_data.part_crosses as x
    where x.id = p_part_cross
    returning jsonb_build_object(
        'from_brand_id', x.from_brand_id, 'from_number', x.from_number,
        'to_brand_id', x.to_brand_id, 'to_number', x.to_number, 'relation', x.relation,
        'source', x.source, 'confidence', x.confidence)
    into v_before;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'part_cross_unknown',
            message = format('There is no cross reference %s.', p_part_cross);
    end if;
    perform ops.audit_write(
        p_actor, 'part_cross.remove', 'part_cross', p_part_cross::text, v_before);

    return query select p_part_cross;
end
$$;

comment on function catalog.part_cross_remove(bigint, bigint) is
    'A moderator takes a cross reference away; other sources of the same stay. Raises: '
    'actor_unknown, actor_blocked, role_required, part_cross_unknown.';

grant execute on function catalog.part_cross_remove(bigint, bigint) to kardan_api, kardan_bot;
