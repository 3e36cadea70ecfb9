-- A step: one review of somebody leaves these stars (null: it is new) for those (null: it does not
-- count any more). Locks the rating's row, so that of reviews at one time each is counted. The
-- caller holds the review, so that its stars are what it says.
create or replace function market.rating_move(p_subject bigint, p_from integer, p_to integer)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_from is not distinct from p_to then
        return;
    end if;
    insert into market_data.ratings (subject) values (p_subject) on conflict (subject) do nothing;

    update market_data.ratings as r
    set stars_1 = r.stars_1 + market.rating_step(1, p_from, p_to),
        stars_2 = r.stars_2 + market.rating_step(2, p_from, p_to),
        stars_3 = r.stars_3 + market.rating_step(3, p_from, p_to),
        stars_4 = r.stars_4 + market.rating_step(4, p_from, p_to),
        stars_5 = r.stars_5 + market.rating_step(5, p_from, p_to)
    where r.subject = p_subject;
end
$$;

comment on function market.rating_move(bigint, integer, integer) is
    'Step: counts that a review has other stars than before. Raises: nothing.';
