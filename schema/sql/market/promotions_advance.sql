-- A job: paid posts whose time has come go to the channels that their listing matches, once each,
-- and people are told what begins and ends. What is hidden or stopped waits until it is seen again
-- or its time is over. Up to 100 a run; leaves out what another session holds. Runs again safely.
create or replace function market.promotions_advance()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_due record;
begin
    for v_due in
        select p.id, p.begins_at, p.listing_id,
            jsonb_build_object(
                'promotion_id', p.id, 'listing_id', p.listing_id, 'text', p.text,
                'title', l.title, 'currency', l.currency, 'price_minor', l.price_minor,
                'cover_key', l.cover_key) as data
        from market_data.promotions as p
        join market_data.listings as l on l.id = p.listing_id
        where p.state = 'approved'
            and p.payment = 'paid'
            and p.ends_at > v_now
            and p.begins_at <= v_now
            and p.kind = 'post'
            and p.posted_at is null
            and p.paused_at is null
            and p.held_at is null
            and exists (
                select from market.listing_public as o where o.listing_id = p.listing_id)
        order by p.begins_at, p.id
        limit 100
        for no key update of p skip locked
    loop
        perform notify.post(
            c.chat_id, 'channel.promotion', 'promotion:' || v_due.id, v_now, v_due.data)
        from unnest(market.channel_matches(v_due.listing_id)) as m (id)
        join market_data.channels as c on c.id = m.id;
        update market_data.promotions as p
        set posted_at = v_now
        where p.id = v_due.id;
    end loop;
    perform market.promotions_tell(v_now);
end
$$;

comment on function market.promotions_advance() is
    'Posts paid advertisements whose time has come, and tells people what begins and ends. '
    'Raises: nothing.';

grant execute on function market.promotions_advance() to kardan_maintenance;
