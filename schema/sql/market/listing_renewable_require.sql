-- A step: a listing in this state with this end may be renewed now. Locks nothing.
create or replace function market.listing_renewable_require(
    p_status text,
    p_expires_at timestamptz
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_before constant interval :=
        make_interval(days => ops.setting_integer('listing.renew_days', 7));
    v_after constant interval :=
        make_interval(days => ops.setting_integer('listing.renew_after_days', 30));
begin
    if p_status not in ('published', 'archived')
        or p_expires_at = 'infinity'
        or (p_status = 'archived' and p_expires_at <= v_now - v_after)
    then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_not_renewable',
            message = format('a listing that is %s is not renewed', p_status),
            detail = p_status;
    end if;
    if p_expires_at > v_now + v_before then
        raise exception using
            errcode = 'ZLIMT',
            constraint = 'listing_renew_early',
            message = 'the listing stands for a while yet',
            hint = ceil(extract(epoch from p_expires_at - v_before - v_now))::bigint::text;
    end if;
end
$$;

comment on function market.listing_renewable_require(text, timestamptz) is
    'Step: a listing may be renewed now. The hint of listing_renew_early is the seconds until '
    'then. Raises: listing_renew_early, listing_not_renewable.';
