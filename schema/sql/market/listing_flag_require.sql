-- A step: lets a person flag a listing that they can see, or see their open flag of, that is not
-- theirs, as often as the setting allows within 24 hours. Two flags at one moment may pass the
-- limit together; it keeps off floods, not ones. Locks nothing.
create or replace function market.listing_flag_require(p_actor bigint, p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_most constant integer := ops.setting_integer('flags.daily_count', 20);
    v_first timestamptz;
begin
    if exists (
        select
        from market_data.listing_flags as f
        where f.listing_id = p_listing
            and f.user_id = p_actor
            and f.closed_at is null
    ) then
        return;
    end if;
    if not exists (select from market.listing_public as p where p.listing_id = p_listing) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
    if market.listing_insider(p_actor, p_listing) then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'flag_own_listing',
            message = 'nobody flags a listing of their own or of their shop: withdraw it instead';
    end if;

    select min(r.created_at) into v_first
    from (
        select f.created_at
        from market_data.listing_flags as f
        where f.user_id = p_actor
            and f.created_at > v_now - interval '24 hours'
        order by f.created_at desc
        limit v_most
    ) as r
    having count(*) >= v_most;
    if found then
        raise exception using
            errcode = 'ZLIMT',
            constraint = 'flag_limit',
            message = 'too many flags within 24 hours',
            hint = greatest(1, ceil(extract(epoch from
                coalesce(v_first, v_now) + interval '24 hours' - v_now)))::bigint::text;
    end if;
end
$$;

comment on function market.listing_flag_require(bigint, bigint) is
    'Step: lets a person flag a listing. The hint of flag_limit is the seconds until the next '
    'flag. Raises: listing_unknown, flag_own_listing, flag_limit.';
