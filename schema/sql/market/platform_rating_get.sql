-- Guarantees: one row: how people rate the platform, for anybody. Locks nothing.
create or replace function market.platform_rating_get()
returns table (
    review_count bigint,
    average double precision,
    stars_1 bigint,
    stars_2 bigint,
    stars_3 bigint,
    stars_4 bigint,
    stars_5 bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        r.review_count, r.average, r.stars_1, r.stars_2, r.stars_3, r.stars_4, r.stars_5
    from market.rating_row(0) as r;
end
$$;

comment on function market.platform_rating_get() is
    'The rating of the platform, as in market.rating_get; each person counts once. '
    'Raises: nothing.';

grant execute on function market.platform_rating_get() to kardan_api, kardan_bot;
