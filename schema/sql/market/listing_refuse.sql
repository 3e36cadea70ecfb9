-- A step: refuses somebody who has nothing to do with a listing. What they may see is not theirs to
-- touch; of what they may not see they do not even learn that it exists. Always raises. Locks
-- nothing.
create or replace function market.listing_refuse(p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from market.listing_public as p where p.listing_id = p_listing) then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'listing_not_yours',
            message = 'the listing belongs to somebody else';
    end if;
    raise exception using
        errcode = 'ZNFND',
        constraint = 'listing_unknown',
        message = 'there is no such listing';
end
$$;

comment on function market.listing_refuse(bigint) is
    'Step: refuses a stranger to a listing. Raises: listing_unknown, listing_not_yours.';
