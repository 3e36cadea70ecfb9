-- Guarantees: one row on a seller, a person or a shop: the name and how the listings fared so
-- far. Locks nothing.
create or replace function market.moderation_seller(p_user bigint, p_shop bigint)
returns table (
    name text,
    is_blocked boolean,
    listing_count bigint,
    published_count bigint,
    rejection_count bigint
)
language sql
stable
parallel safe
begin atomic
    select
        coalesce(
            (select c.display_name from people.cards as c where c.user_id = p_user),
            (select s.name from market_data.shops as s where s.id = p_shop)),
        exists (select from people.blocked as b where b.user_id = p_user),
        count(distinct l.id),
        count(distinct l.id) filter (where l.published_at is not null),
        count(i.id)
    from market_data.listings as l
    left join market_data.moderation_items as i
        on i.listing_id = l.id
        and i.decision = 'rejected'
    where l.owner_user_id = p_user
        or l.owner_shop_id = p_shop;
end;

comment on function market.moderation_seller(bigint, bigint) is
    'Helper: a seller as a moderator sees them: listings ever made, ever published, and '
    'rejections. Raises: nothing.';
