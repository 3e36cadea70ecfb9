-- A step: the guard of changes of what a listing says and shows. While somebody checks it, it stays
-- as it is. Locks the listing, then its waiting check, so that a moderator cannot take it in the
-- middle of the change.
create or replace function market.listing_editable_require(p_actor bigint, p_listing bigint)
returns table (
    status text,
    version integer
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_claimed_until timestamptz;
begin
    select e.status, e.version
    into status, version
    from market.listing_editor_require(p_actor, p_listing) as e;

    if status not in ('draft', 'rejected', 'pending', 'published') then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_not_editable',
            message = format('a listing that is %s is not edited', status),
            detail = status;
    end if;

    select i.claimed_until
    into v_claimed_until
    from market_data.moderation_items as i
    where i.listing_id = p_listing
        and i.closed_at is null
    for no key update;

    if v_claimed_until > ops.clock_now() then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'listing_under_review',
            message = 'a moderator is checking the listing';
    end if;
    return next;
end
$$;

comment on function market.listing_editable_require(bigint, bigint) is
    'Step: locks a listing whose text, photos or fitment its people may change now. Raises: '
    'actor_unknown, actor_blocked, listing_unknown, listing_not_yours, listing_not_editable, '
    'listing_under_review.';
