-- A step: a buyer must be able to reach the seller. Locks nothing; the caller has locked the
-- listing.
create or replace function market.listing_contact_require(p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from market_data.listings as l
        where l.id = p_listing
            and l.contact_phone = ''
            and l.contact_telegram = ''
    ) then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'listing_contact_required',
            message = 'a listing needs a phone or a Telegram name';
    end if;
end
$$;

comment on function market.listing_contact_require(bigint) is
    'Step: a listing names a phone or a Telegram account. Raises: listing_contact_required.';
