-- A step: the guard of an import, and whether its listings are the person's own. Of one listing: as
-- for one statement. Of a shop: any member; imports of one shop come one after the other (an
-- advisory lock until the end of the transaction), because each takes its listings batch by batch;
-- then the membership and the batch's listings are locked, in ascending order. A listing's waiting
-- check is not: its moderator decides on a version, and the import moves it on.
create or replace function market.listing_fitment_import_lock(
    p_actor bigint,
    p_listing bigint,
    p_shop bigint,
    p_listings text[]
)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_shop is null then
        return market.listing_fitment_lock(p_actor, p_listing);
    end if;

    perform pg_advisory_xact_lock(hashtextextended('market.fitment_import:' || p_shop::text, 0));
    perform
    from market_data.shop_members as m
    where m.shop_id = p_shop
        and m.user_id = p_actor
    for key share;
    perform market.shop_member_require(p_actor, p_shop, 'seller');

    perform
    from market_data.listings as l
    where l.owner_shop_id = p_shop
        and l.id = any (array(
            select btrim(w.listing)::bigint
            from unnest(p_listings) as w (listing)
            where btrim(w.listing) ~ '^[0-9]{1,18}$'))
    order by l.id
    for no key update;
    return true;
end
$$;

comment on function market.listing_fitment_import_lock(bigint, bigint, bigint, text[]) is
    'Step: locks what a batch of an import changes. Raises: actor_unknown, actor_blocked, '
    'listing_unknown, listing_not_yours, listing_not_editable, listing_under_review, '
    'shop_unknown, shop_role_required.';
