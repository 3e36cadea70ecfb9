-- Guarantees: the listing no longer says that it fits the vehicles; a published one stays
-- published. Locks for its people the membership, then the listing, then for its people the waiting
-- check. A repeat finds nothing any more.
create or replace function market.listing_fitment_remove(p_actor bigint, p_fitment bigint)
returns table (listing_id bigint, status text, version integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
    v_is_own boolean;
begin
    perform people.actor_require(p_actor, 'user');
    -- What is said of a listing that somebody else keeps to themselves is nothing.
    select f.listing_id into v_listing
    from market_data.listing_fitments as f
    where f.id = p_fitment
        and (
            market.listing_reader(p_actor, f.listing_id)
            or exists (
                select from market.listing_public as p where p.listing_id = f.listing_id));
    if v_listing is not null then
        v_is_own := market.listing_fitment_lock(p_actor, v_listing);
    end if;

    delete from market_data.listing_fitments as f
    where f.id = p_fitment
        and f.listing_id = v_listing;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_fitment_unknown',
            message = 'the listing does not say so';
    end if;
    perform market.listing_fitment_record(
        p_actor, v_listing, p_fitment, 'listing.fitment_remove', v_is_own);

    return query
    select l.id, l.status, l.version
    from market_data.listings as l
    where l.id = v_listing;
end
$$;

comment on function market.listing_fitment_remove(bigint, bigint) is
    'The owner, a member of the shop or a moderator takes a statement of fitment back. Raises: '
    'actor_unknown, actor_blocked, listing_fitment_unknown, listing_not_yours, '
    'listing_not_editable, listing_under_review.';

grant execute on function market.listing_fitment_remove(bigint, bigint) to kardan_api, kardan_bot;
