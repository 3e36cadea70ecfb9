-- A step: notes that somebody was shown the contacts of a listing, and tells whether it counts:
-- the same person or visitor again within the setting contacts.repeat_seconds does not. Whoever
-- collects contacts is stopped after so many listings within an hour (contacts.hourly_count).
-- Locks the clicker (an advisory lock, taken before any row), so that of two calls at one moment
-- the second sees what the first did; a repeat changes nothing. Touches the partitions of the last
-- hour.
create or replace function market.contact_click_record(
    p_listing bigint,
    p_clicker bigint,
    p_source text
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_most constant integer := greatest(1, ops.setting_integer('contacts.hourly_count', 60));
    v_hour constant timestamptz := v_now - interval '1 hour';
    v_repeat constant timestamptz := v_now
        - make_interval(secs => greatest(1, ops.setting_integer('contacts.repeat_seconds', 3600)));
    -- Whoever held the lock may have begun a moment later than this call, and ended before it.
    v_until constant timestamptz := v_now + interval '1 minute';
    v_is_repeat boolean;
    v_full timestamptz;
begin
    perform pg_advisory_xact_lock(hashtextextended('kardan.contacts:' || p_clicker, 0));
    select r.is_repeat, r.full_at
    into v_is_repeat, v_full
    from market.contact_clicks_recent(
        p_clicker, p_listing, v_repeat, v_hour, v_until, v_most) as r;
    if v_is_repeat then
        return false;
    end if;
    if v_full is not null then
        raise exception using
            errcode = 'ZLIMT', constraint = 'contact_limit',
            message = 'the contacts of too many listings within an hour',
            hint = greatest(1, ceil(extract(epoch from v_full - v_hour)))::bigint::text;
    end if;

    insert into market_data.contact_clicks (listing_id, at, clicker, source)
    values (p_listing, v_now, p_clicker, p_source);
    if p_clicker > 0 then
        insert into market_data.contact_people as k (listing_id, user_id, first_at, last_at, clicks)
        values (p_listing, p_clicker, v_now, v_now, 1)
        on conflict (listing_id, user_id) do update
        set last_at = greatest(k.last_at, excluded.last_at), clicks = k.clicks + 1;
    end if;
    return true;
end
$$;

comment on function market.contact_click_record(bigint, bigint, text) is
    'Step: notes a click of a person or visitor and tells whether it counts. The hint of '
    'contact_limit is the seconds until the next listing. Raises: contact_limit, '
    'contact_click_source_known.';
