-- Guarantees: the cross references of a number in any spelling, or all, the newest first, 1 to 100
-- at a time (20), after the given one. Locks nothing.

create or replace function catalog.part_cross_list(
    p_actor bigint,
    p_brand_id bigint,
    p_number text,
    p_limit integer,
    p_after bigint
)
returns table (
    part_cross_id bigint,
    from_brand_id bigint,
    from_brand_name text,
    from_number text,
    to_brand_id bigint,
    to_brand_name text,
    to_number text,
    relation text,
    source text,
    confidence double precision,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_norm constant text := catalog_data.part_number_normalise(left(p_number, 120));
    v_limit constant integer := least(greatest(coalesce(p_limit, 20), 1), 100);
    v_ids bigint[];
begin
    perform people.actor_require(p_actor, 'moderator');

    if v_norm is null then
        v_ids := array(
            select x.id
            from catalog_data.part_crosses as x
            where (p_after is null or x.id < p_after)
            order by x.id desc
            limit v_limit);
    else
        v_ids := array(
            select x.id
            from catalog_data.part_crosses as x
            where (
                    x.from_number_norm = v_norm
                    and (p_brand_id is null or x.from_brand_id = p_brand_id)
                    or x.to_number_norm = v_norm
                    and (p_brand_id is null or x.to_brand_id = p_brand_id))
                and (p_after is null or x.id < p_after)
            order by x.id desc
            limit v_limit);
    end if;

    return query
    select
        x.id, x.from_brand_id, f.name, x.from_number, x.to_brand_id, t.name, x.to_number,
        x.relation, x.source, x.confidence::double precision, x.created_at
    from catalog_data.part_crosses as x
    join catalog_data.brands as f on f.id = x.from_brand_id
    join catalog_data.brands as t on t.id = x.to_brand_id
    where x.id = any (v_ids)
    order by x.id desc;
end
$$;

comment on function catalog.part_cross_list(bigint, bigint, text, integer, bigint) is
    'A moderator sees the cross references of a part number (of one brand, or of any that has the '
    'number) as each source gives them; without a number all of them, whatever the brand. Raises: '
    'actor_unknown, actor_blocked, role_required.';

grant execute on function catalog.part_cross_list(bigint, bigint, text, integer, bigint)
    to kardan_api, kardan_bot;
