-- A step: what is sold or archived has a past, not a price and a stock. Locks nothing.
create or replace function market.listing_live_require(p_status text)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_status in ('sold', 'archived') then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_not_editable',
            message = format('a listing that is %s is not edited', p_status),
            detail = p_status;
    end if;
end
$$;

comment on function market.listing_live_require(text) is
    'Step: the state of a listing is neither sold nor archived. Raises: listing_not_editable.';
