-- Guarantees: alerts that are due and that nobody else is delivering, the alerts of one search
-- together and in the order of their listings; they are the caller's for five minutes, and come
-- again after that unless market.search_alert_told has been told of them. What nobody may see any
-- more, and what belongs to a blocked person, is not told at all. First compares what is new with
-- the saved searches. Locks the alerts, leaving out what another session holds.

create or replace function market.search_alert_take(p_limit integer)
returns table (
    alert_id bigint,
    saved_search_id bigint,
    search_name text,
    frequency text,
    user_id bigint,
    listing_id bigint,
    title text,
    currency text,
    price_minor bigint,
    cover_key text,
    found_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform market.search_news_match(20);

    return query
    with due as materialized (
        select a.id
        from market_data.search_alerts as a
        where a.told_at is null
            and a.due_at <= v_now
            and (a.claimed_until is null or a.claimed_until <= v_now)
        order by a.due_at, a.saved_search_id, a.id
        limit least(greatest(coalesce(p_limit, 100), 1), 1000)
        for no key update skip locked
    ),
    shown as materialized (
        select d.id, p.title, p.currency, p.price_minor, p.cover_key
        from due as d
        join market_data.search_alerts as a on a.id = d.id
        join market.listing_public as p
            on p.listing_id = a.listing_id
            and p.status = 'published'
        where not exists (select from people.blocked as b where b.user_id = a.user_id)
    ),
    taken as (
        update market_data.search_alerts as a
        set claimed_until = v_now + interval '5 minutes',
            told_at = case when not exists (select from shown as s where s.id = a.id) then v_now end
        from due as d
        where a.id = d.id
        returning a.id, a.saved_search_id, a.user_id, a.listing_id, a.found_at
    )
    select t.id, t.saved_search_id, k.name, k.frequency, t.user_id, t.listing_id, s.title,
        s.currency, s.price_minor, s.cover_key, t.found_at
    from taken as t
    join shown as s on s.id = t.id
    join market_data.saved_searches as k on k.id = t.saved_search_id
    order by t.saved_search_id, t.listing_id;
end
$$;

comment on function market.search_alert_take(integer) is
    'Alerts to deliver now, 1 to 1000 (100), grouped by their search; the caller has them for five '
    'minutes. cover_key is null without photos. Raises: nothing.';

grant execute on function market.search_alert_take(integer) to kardan_worker;
