-- A step: a listing, which the caller has locked, may be bumped now.
create or replace function market.listing_bump_require(p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_status text;
    v_expires_at timestamptz;
    v_next_at timestamptz;
begin
    select l.status, l.expires_at, b.next_bump_at
    into v_status, v_expires_at, v_next_at
    from market_data.listings as l
    cross join lateral market.listing_bump_state(l.published_at, l.bump_day, l.bump_count) as b
    where l.id = p_listing;

    if v_status <> 'published' or v_expires_at <= v_now then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_not_bumpable',
            message = 'only what is published is bumped',
            detail = v_status;
    end if;
    if v_next_at > v_now then
        raise exception using
            errcode = 'ZLIMT',
            constraint = 'listing_bump_early',
            message = 'the listing was published or bumped a short while ago, or often enough',
            hint = ceil(extract(epoch from v_next_at - v_now))::bigint::text;
    end if;
end
$$;

comment on function market.listing_bump_require(bigint) is
    'Step: a listing may be bumped now. The hint of listing_bump_early is the seconds until then. '
    'Raises: listing_not_bumpable, listing_bump_early.';
