-- A step: somebody else's listing, and room for one more favourite. The caller holds the lock of
-- this person's favourites.
create or replace function market.favourite_room_require(p_actor bigint, p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_most constant integer := ops.setting_integer('favourites.limit', 1000);
begin
    if market.listing_insider(p_actor, p_listing) then
        raise exception using
            errcode = 'ZDENY', constraint = 'favourite_own_listing',
            message = 'nobody keeps an eye on a listing of their own or of their shop';
    end if;
    if (select count(*) from market_data.favourites as f where f.user_id = p_actor) >= v_most then
        raise exception using
            errcode = 'ZCONF', constraint = 'favourite_limit',
            message = 'so many favourites are all that one person may have',
            detail = v_most::text;
    end if;
end
$$;

comment on function market.favourite_room_require(bigint, bigint) is
    'Step: a person may have this listing as one more favourite. Raises: favourite_own_listing, '
    'favourite_limit.';
