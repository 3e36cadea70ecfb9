-- Guarantees: the cross reference is in the graph with the confidence given; no number supersedes
-- itself over others. Locks for a supersession all others that are being added, by an advisory lock
-- until the end of the transaction, then the one row. Idempotent by its ends, relation and source:
-- a repeat returns the one that is there, another confidence replaces the old one. An analogue is
-- the same from either end.

create or replace function catalog.part_cross_add(
    p_actor bigint,
    p_from_brand_id bigint,
    p_from_number text,
    p_to_brand_id bigint,
    p_to_number text,
    p_relation text,
    p_source text,
    p_confidence double precision
)
returns table (
    part_cross_id bigint,
    created boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := ops.clock_now();
    v_id bigint;
    v_created boolean;
begin
    perform people.actor_require(p_actor, 'moderator');
    -- the column holds a few digits only: what is far off would overflow before its check
    if p_confidence not between 0 and 1 then
        raise exception using
            errcode = '23514',
            constraint = 'part_cross_confidence_possible',
            message = format('A confidence of %s is not possible.', p_confidence);
    end if;
    if p_relation = 'supersedes' then
        perform catalog.part_supersedes_require(
            p_from_brand_id, p_from_number, p_to_brand_id, p_to_number);
    end if;

    insert into catalog_data.part_crosses as x (
        from_brand_id, from_number, to_brand_id, to_number, relation, source, confidence,
        created_at)
    values (
        p_from_brand_id, btrim(p_from_number), p_to_brand_id, btrim(p_to_number), p_relation,
        btrim(p_source), p_confidence, v_now)
    on conflict on constraint part_cross_taken do update
    set confidence = excluded.confidence
    where x.confidence <> excluded.confidence
    returning x.id, x.xmax = 0 into v_id, v_created;

    if v_id is null then
        select x.id, false into v_id, v_created
        from catalog_data.part_crosses as x
        where x.edge_key = catalog_data.part_edge_key(
                p_from_brand_id, p_from_number, p_to_brand_id, p_to_number, p_relation)
            and x.relation = p_relation
            and x.source = btrim(p_source);
    else
        perform ops.audit_write(
            p_actor, 'part_cross.add', 'part_cross', v_id::text,
            jsonb_build_object(
                'from_brand_id', p_from_brand_id, 'from_number', p_from_number,
                'to_brand_id', p_to_brand_id, 'to_number', p_to_number, 'relation', p_relation,
                'source', p_source, 'confidence', p_confidence));
    end if;

    return query select v_id, v_created;
end
$$;

comment on function catalog.part_cross_add(
    bigint, bigint, text, bigint, text, text, text, double precision) is
    'A moderator adds a cross reference of part numbers (oem, aftermarket, or the first supersedes '
    'the second); created is false when it was there already. Raises: actor_unknown, '
    'actor_blocked, role_required, part_cross_from_brand_known, part_cross_to_brand_known, '
    'part_cross_number_filled, part_cross_not_itself, part_cross_relation_known, '
    'part_cross_source_filled, part_cross_confidence_possible, part_cross_supersedes_loop.';

grant execute on function catalog.part_cross_add(
    bigint, bigint, text, bigint, text, text, text, double precision) to kardan_api, kardan_bot;
