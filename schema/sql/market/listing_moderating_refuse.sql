-- A token that may not moderate makes of its person somebody who sells and buys. Whatever shows or
-- does more to moderators asks this first, for such a token: a moderator who would reach the
-- listing only as one is refused. Points at the listing, or at a statement of fitment of it; what
-- does not exist is refused by whoever is called next. Reads only.
create or replace function market.listing_moderating_refuse(
    p_actor bigint,
    p_listing bigint,
    p_fitment bigint
)
returns void
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing constant bigint := coalesce(p_listing, (
        select f.listing_id
        from market_data.listing_fitments as f
        where f.id = p_fitment));
begin
    perform people.actor_known(p_actor);
    if people.actor_has_role(p_actor, 'moderator')
        and exists (select from market_data.listings as l where l.id = v_listing)
        and not market.listing_insider(p_actor, v_listing)
    then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'moderate_scope_required',
            message = 'the token may not moderate, and the listing is somebody else''s',
            detail = 'scope: moderate';
    end if;
end
$$;

comment on function market.listing_moderating_refuse(bigint, bigint, bigint) is
    'Lets pass who reaches a listing without being a moderator; for tokens that may not moderate. '
    'Raises: actor_unknown, moderate_scope_required.';

grant execute on function market.listing_moderating_refuse(bigint, bigint, bigint) to kardan_api;
