-- Guarantees: true for the person who owns the listing and for the present members of the shop that
-- owns it. Locks nothing; whoever changes something calls market.listing_editor_require.
create or replace function market.listing_insider(p_actor bigint, p_listing bigint)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from market_data.listings as l
    where l.id = p_listing
        and (
            l.owner_user_id = p_actor
            or exists (
                select
                from market_data.shop_members as m
                where m.shop_id = l.owner_shop_id
                    and m.user_id = p_actor
            )
        )
);

comment on function market.listing_insider(bigint, bigint) is
    'Helper: whether a listing is the person''s own or of a shop where they are a member now. '
    'Raises: nothing.';
