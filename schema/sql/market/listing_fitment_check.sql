-- A step: a new statement of fitment is possible: the years are years of the generation, and there
-- are not too many of them. An unknown generation is refused by its foreign key. The caller has
-- locked the listing.
create or replace function market.listing_fitment_check(
    p_listing bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
    v_made int4range;
begin
    select count(*)::integer into v_count
    from market_data.listing_fitments as f
    where f.listing_id = p_listing;
    if v_count >= 100 then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_fitment_limit',
            message = 'a listing names at most 100 vehicles';
    end if;

    select int4range(g.year_from, g.year_to, '[]')
    into v_made
    from catalog.generation_get(p_generation) as g;
    if not (v_made @> p_year_from and v_made @> p_year_to) then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'listing_fitment_outside_generation',
            message = 'the generation was not made in these years',
            detail = concat_ws('-', lower(v_made), upper(v_made) - 1);
    end if;
end
$$;

comment on function market.listing_fitment_check(bigint, bigint, integer, integer) is
    'Step: a listing may say that it fits these years of a generation. '
    'Raises: listing_fitment_limit, listing_fitment_outside_generation.';
