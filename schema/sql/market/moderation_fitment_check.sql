-- A step: the vehicle was made in these years, where years are given. That it exists is a
-- foreign key. Reads only.
create or replace function market.moderation_fitment_check(
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
    v_from integer;
    v_to integer;
begin
    select g.year_from, g.year_to
    into v_from, v_to
    from catalog.generation_get(p_generation) as g;

    if least(p_year_from, p_year_to) < v_from or greatest(p_year_from, p_year_to) > v_to then
        raise exception using
            errcode = '23514',
            constraint = 'listing_fitment_years',
            message = 'the generation was not made in these years',
            detail = format('%s–%s', v_from, v_to);
    end if;
end
$$;

comment on function market.moderation_fitment_check(bigint, integer, integer) is
    'Step: the years of a fitment, where given, are among those the generation was made in. '
    'Raises: listing_fitment_years.';
