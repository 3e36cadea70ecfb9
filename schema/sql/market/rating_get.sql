-- Guarantees: one row: how a person, or else a shop, is rated as buyer and as seller, for anybody.
-- Locks nothing.
create or replace function market.rating_get(p_user bigint, p_shop bigint)
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
    from market.rating_row(
        case when p_user > 0 then p_user when p_user is null and p_shop > 0 then -p_shop end) as r;
end
$$;

comment on function market.rating_get(bigint, bigint) is
    'The rating of a person, or of a shop when the person is null: how many reviews, their average '
    'to two digits (null without any), and how many have each number of stars. Raises: nothing.';

grant execute on function market.rating_get(bigint, bigint) to kardan_api, kardan_bot;
