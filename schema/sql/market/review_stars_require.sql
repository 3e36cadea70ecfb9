-- A step: stars are 1 to 5; a null is none of them. Locks nothing.
create or replace function market.review_stars_require(p_stars integer)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if (p_stars between 1 and 5) is not true then
        raise exception using
            errcode = '23514',
            constraint = 'review_stars_range',
            message = 'a review has 1 to 5 stars';
    end if;
end
$$;

comment on function market.review_stars_require(integer) is
    'Step: a number of stars is 1 to 5. Raises: review_stars_range.';
