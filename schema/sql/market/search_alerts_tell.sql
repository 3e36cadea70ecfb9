-- Guarantees: what saved searches have found and is due becomes notices, one for each search, in
-- the transaction in which it is marked as told: each match is told exactly once, whatever dies
-- meanwhile. Several callers share the work: each leaves out what another one holds. Locks what
-- market.search_alert_take locks, then what notify.tell does. Repeated it goes on.
create or replace function market.search_alerts_tell(p_limit integer)
returns table (alert_count integer, notice_count integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_alerts integer := 0;
    v_notices integer := 0;
    v_search record;
begin
    for v_search in
        select f.saved_search_id, f.search_name, f.user_id, array_agg(f.alert_id) as alerts,
            jsonb_agg(
                jsonb_build_object(
                    'listing_id', f.listing_id, 'title', f.title, 'currency', f.currency,
                    'price_minor', f.price_minor, 'cover_key', f.cover_key)
                order by f.place) filter (where f.place <= 10) as listings
        from (
            select t.alert_id, t.saved_search_id, t.search_name, t.user_id, t.listing_id, t.title,
                t.currency, t.price_minor, t.cover_key,
                row_number() over (
                    partition by t.saved_search_id order by t.listing_id) as place
            from market.search_alert_take(p_limit) as t
        ) as f
        group by f.saved_search_id, f.search_name, f.user_id
        order by f.user_id, f.saved_search_id
    loop
        perform market.search_alert_told(v_search.alerts);
        v_notices := v_notices + notify.tell(
            array[v_search.user_id], 'search.found',
            'search.found:' || v_search.saved_search_id || ':' || v_search.alerts[1], v_now,
            jsonb_build_object(
                'saved_search_id', v_search.saved_search_id, 'name', v_search.search_name,
                'count', cardinality(v_search.alerts), 'listings', v_search.listings));
        v_alerts := v_alerts + cardinality(v_search.alerts);
    end loop;
    return query select v_alerts, v_notices;
end
$$;

comment on function market.search_alerts_tell(integer) is
    'Tells people what their saved searches have found, 1 to 1000 matches at a time (100): how '
    'many there were, and in how many notices they were told; nobody hears what they have switched '
    'off. Raises: nothing.';

grant execute on function market.search_alerts_tell(integer) to kardan_worker;
