-- A step: each of these matches (two arrays of one order) is noted once for ever, to be told when
-- its search wants it. One that was found before and is put aside because its listing was hidden is
-- due again. Locks the searches and then their alerts, in ascending order.
create or replace function market.search_alerts_note(p_searches bigint[], p_listings bigint[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    -- A search that is deleted at this moment takes what it has found along.
    perform
    from market_data.saved_searches as s
    where s.id = any (p_searches)
    order by s.id
    for key share;

    insert into market_data.search_alerts as a (
        saved_search_id, listing_id, user_id, found_at, due_at)
    select s.id, w.listing_id, s.user_id, v_now, market.search_alert_due(s.frequency, v_now)
    from unnest(p_searches, p_listings) as w (saved_search_id, listing_id)
    join market_data.saved_searches as s on s.id = w.saved_search_id
    order by s.id, w.listing_id
    on conflict on constraint search_alert_once do update
    set due_at = excluded.due_at
    where a.told_at is null
        and a.due_at = 'infinity';
end
$$;

comment on function market.search_alerts_note(bigint[], bigint[]) is
    'Step: notes what saved searches have found. Raises: nothing.';
