-- Guarantees: one row for every subject: a person, a shop below zero, 0 for the platform; zeros
-- when nobody has said anything. Locks nothing.
create or replace function market.rating_row(p_subject bigint)
returns table (
    review_count bigint,
    average double precision,
    stars_1 bigint,
    stars_2 bigint,
    stars_3 bigint,
    stars_4 bigint,
    stars_5 bigint
)
language sql
stable
parallel safe
begin atomic
    select
        coalesce(r.review_count, 0),
        round(r.star_sum::numeric / nullif(r.review_count, 0), 2)::double precision,
        coalesce(r.stars_1, 0), coalesce(r.stars_2, 0), coalesce(r.stars_3, 0),
        coalesce(r.stars_4, 0), coalesce(r.stars_5, 0)
    from (select p_subject) as s (subject)
    left join market_data.ratings as r on r.subject = s.subject;
end;

comment on function market.rating_row(bigint) is
    'Helper: a rating with its average, which is null without reviews. Raises: nothing.';
