-- A job: compares every rating with a recount of reviews in one look, so that what happens
-- meanwhile does not matter, and fails with the names of those that differ; doctor and the metrics
-- of jobs tell a failed job. Changes nothing. Locks nothing.
create or replace function market.ratings_check()
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wrong text;
begin
    with counted as (
        select r.subject, r.stars from market_data.reviews as r where r.hidden_at is null
        union all
        select 0, p.stars from market_data.platform_reviews as p where p.replaced_at is null
    ),
    recount as (
        select
            c.subject,
            array[
                count(*) filter (where c.stars = 1), count(*) filter (where c.stars = 2),
                count(*) filter (where c.stars = 3), count(*) filter (where c.stars = 4),
                count(*) filter (where c.stars = 5)] as stars
        from counted as c
        group by c.subject
    ),
    kept as (
        select k.subject, array[k.stars_1, k.stars_2, k.stars_3, k.stars_4, k.stars_5] as stars
        from market_data.ratings as k
    ),
    wrong as (
        select coalesce(r.subject, k.subject) as subject
        from recount as r
        full join kept as k on k.subject = r.subject
        where coalesce(r.stars, '{0,0,0,0,0}') <> coalesce(k.stars, '{0,0,0,0,0}')
    )
    select string_agg(w.subject::text, ', ' order by w.subject) into v_wrong
    from (select w.subject from wrong as w order by w.subject limit 20) as w;

    if v_wrong is not null then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'rating_differs',
            message = 'ratings differ from a recount of reviews, by subject: ' || v_wrong;
    end if;
end
$$;

comment on function market.ratings_check() is
    'Fails when a rating is not what its reviews add up to; names the first 20 of them. Raises: '
    'rating_differs.';

grant execute on function market.ratings_check() to kardan_maintenance;
