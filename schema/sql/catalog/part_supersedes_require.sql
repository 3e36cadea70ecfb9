-- A step: the first number may supersede the second: nothing that the second supersedes, directly
-- or over others, is the first. Whoever adds a supersession does it alone until the end of the
-- transaction (an advisory lock): two that are harmless one by one could close a loop together.

create or replace function catalog.part_supersedes_require(
    p_from_brand_id bigint,
    p_from_number text,
    p_to_brand_id bigint,
    p_to_number text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant text := catalog_data.part_number_normalise(p_from_number);
    v_path text[];
begin
    perform pg_advisory_xact_lock(hashtextextended('catalog.part_supersedes', 0));

    with recursive older (brand_id, number_norm, path) as (
        select
            p_to_brand_id, catalog_data.part_number_normalise(p_to_number),
            array[btrim(p_from_number), btrim(p_to_number)]
        union all
        select x.to_brand_id, x.to_number_norm, o.path || x.to_number
        from older as o
        join catalog_data.part_crosses as x
            on x.from_number_norm = o.number_norm
            and x.from_brand_id = o.brand_id
            and x.relation = 'supersedes'
    ) cycle brand_id, number_norm set is_loop using seen
    select o.path into v_path
    from older as o
    where o.brand_id = p_from_brand_id
        and o.number_norm = v_from
        and cardinality(o.path) > 2
    limit 1;
    if found then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'part_cross_supersedes_loop',
            message = format(
                'a number cannot supersede itself: %s', array_to_string(v_path, ' > ')),
            detail = array_to_string(v_path, ' > ');
    end if;
end
$$;

comment on function catalog.part_supersedes_require(bigint, text, bigint, text) is
    'Step: a supersession closes no loop. Raises: part_cross_supersedes_loop.';
