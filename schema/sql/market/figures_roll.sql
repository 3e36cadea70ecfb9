-- A job: rolls up what happened since it last did, and once more the 50 hours before, because a
-- view may be told a day late and a transaction may commit after the hour in which it began. So
-- what is kept is what a recount gives, whenever it comes by and however long it was away: a month
-- of days a run. Locks the state, so that two do not meet, and when it makes partitions their
-- tables; repeated it changes nothing.
create or replace function market.figures_roll()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_since timestamptz;
    v_from date;
    v_until date;
begin
    select s.rolled_until into v_since
    from market_data.figures_state as s
    for update;
    -- Never before what the marks of days are kept for.
    v_from := (greatest(v_since - interval '50 hours', v_now - interval '399 days')
        at time zone 'UTC')::date;
    v_until := least((v_now at time zone 'UTC')::date + 1, v_from + 32);

    -- What happened before these tables were there needs partitions as well.
    if v_since < v_now - interval '60 days' then
        perform ops.partitions_cover('market_data.listing_days', f.at),
            ops.partitions_cover('market_data.listing_hours', f.at)
        from (
            select min(c.day)::timestamp at time zone 'UTC' as at
            from market.listing_days_counted(v_from, v_until) as c
        ) as f
        where f.at is not null;
    end if;
    perform market.figures_roll_days(v_from, v_until);

    update market_data.figures_state as s
    set rolled_until = least(v_now, v_until::timestamp at time zone 'UTC');
end
$$;

comment on function market.figures_roll() is
    'Rolls up clicks, views and deals by listing, seller and day, and clicks by the hour. Raises: '
    'nothing.';

grant execute on function market.figures_roll() to kardan_maintenance;
