-- Guarantees: the listing's slot is empty. Locks the listing. Idempotent by state.
create or replace function market.moderation_ad_remove(p_actor bigint, p_listing bigint)
returns table (
    listing_id bigint,
    removed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former jsonb;
begin
    perform market.moderation_listing_lock(p_actor, p_listing);

    delete from market_data.listing_ads as a
    where a.listing_id = p_listing
    returning jsonb_build_object(
        'text', a.text, 'url', a.url, 'begins_at', a.begins_at, 'ends_at', a.ends_at)
    into v_former;

    if v_former is not null then
        perform ops.audit_write(
            p_actor, 'moderation.ad_remove', 'listing', p_listing::text, v_former);
    end if;

    return query select p_listing, v_former is not null;
end
$$;

comment on function market.moderation_ad_remove(bigint, bigint) is
    'A moderator empties a listing''s slot; removed is false when it was empty. Raises: '
    'actor_unknown, actor_blocked, role_required, listing_unknown, moderation_own_listing.';

grant execute on function market.moderation_ad_remove(bigint, bigint) to kardan_api, kardan_bot;
