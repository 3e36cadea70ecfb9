-- A job: archives what expired, the longest expired first, up to 5000 a run. What somebody works on
-- at this moment is left to the next run, and what buyers hold pieces of until they let go; nobody
-- sees either meanwhile. Runs again safely. Locks the listings it takes, without waiting.
create or replace function market.listings_expire()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_expired bigint[];
begin
    with expired as (
        select l.id
        from market_data.listings as l
        where l.status = 'published'
            and l.expires_at <= v_now
            and not market.listing_held(l.id)
        order by l.expires_at, l.id
        limit 5000
        for no key update of l skip locked
    )
    select array_agg(e.id) into v_expired from expired as e;

    update market_data.listings as l
    set status = 'archived', changed_by = null, updated_at = v_now
    where l.id = any (v_expired);

    perform market.listings_tell(v_expired, 'listing.expired', v_now);
end
$$;

comment on function market.listings_expire() is
    'Archives listings whose time is over. Raises: nothing.';

grant execute on function market.listings_expire() to kardan_maintenance;
