-- Guarantees: alerts that are due and that nobody else is delivering, the alerts of one search
-- together and in the order of their listings; they are the caller's for five minutes, and come
-- again after that unless market.search_alert_told has been told of them. What is hidden now is put
-- aside and told when it is seen again: while its seller is blocked it is looked at every hour;
-- reserved, waiting for a moderator or ended, it comes back as news of its listing. What belongs to
-- a blocked person is not told at all. First compares what is new with the saved searches. Locks
-- the alerts, leaving out what another session holds, and then looks at their listings: who finds
-- one again after that waits for this, and sees it put aside.

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
    v_due bigint[];
begin
    perform market.search_news_match(20);

    select array_agg(d.id) into v_due
    from (
        select a.id
        from market_data.search_alerts as a
        where a.told_at is null
            and a.due_at <= v_now
            and (a.claimed_until is null or a.claimed_until <= v_now)
        order by a.due_at, a.saved_search_id, a.id
        limit least(greatest(coalesce(p_limit, 100), 1), 1000)
        for no key update skip locked
    ) as d;

    return query
    with due as materialized (
        select a.id, l.status, p.listing_id is not null as is_shown, not exists (
                select from people.blocked as b where b.user_id = a.user_id) as is_heard,
            p.title, p.currency, p.price_minor, p.cover_key
        from market_data.search_alerts as a
        join market_data.listings as l on l.id = a.listing_id
        left join market.listing_public as p
            on p.listing_id = a.listing_id
            and p.status = 'published'
        where a.id = any (v_due)
    ),
    taken as (
        update market_data.search_alerts as a
        set claimed_until = case
                when d.is_shown and d.is_heard then v_now + interval '5 minutes'
            end,
            told_at = case when not d.is_heard then v_now end,
            due_at = case
                when d.is_shown then a.due_at
                when d.status = 'published' then v_now + interval '1 hour'
                else 'infinity'
            end
        from due as d
        where a.id = d.id
        returning a.id, a.saved_search_id, a.user_id, a.listing_id, a.found_at
    )
    select t.id, t.saved_search_id, k.name, k.frequency, t.user_id, t.listing_id, d.title,
        d.currency, d.price_minor, d.cover_key, t.found_at
    from taken as t
    join due as d on d.id = t.id and d.is_shown and d.is_heard
    join market_data.saved_searches as k on k.id = t.saved_search_id
    order by t.saved_search_id, t.listing_id;
end
$$;

comment on function market.search_alert_take(integer) is
    'Alerts to deliver now, 1 to 1000 (100), grouped by their search; the caller has them for five '
    'minutes. cover_key is null without photos. Raises: nothing.';

grant execute on function market.search_alert_take(integer) to kardan_worker;
