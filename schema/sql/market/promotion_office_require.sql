-- A step: nobody decides about their own. The caller has locked the order. Reads only.
create or replace function market.promotion_office_require(p_actor bigint, p_promotion bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from market_data.promotions as p
        where p.id = p_promotion
            and market.listing_insider(p_actor, p.listing_id))
    then
        raise exception using
            errcode = 'ZDENY', constraint = 'moderation_own_listing',
            message = 'nobody moderates their own listing';
    end if;
end
$$;

comment on function market.promotion_office_require(bigint, bigint) is
    'Step: lets nobody decide about their own. Raises: moderation_own_listing.';
