-- The orders of the acting person, or with a shop those of the shop, the latest first. Reads only.
-- A blocked person may look.
create or replace function market.promotion_list_mine(
    p_actor bigint,
    p_shop bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    promotion_id bigint,
    kind text,
    listing_id bigint,
    title text,
    created_by bigint,
    text text,
    wanted_categories bigint[],
    excluded_categories bigint[],
    begins_at timestamptz,
    ends_at timestamptz,
    impressions_wanted integer,
    state text,
    currency text,
    price_minor bigint,
    payment text,
    paid_at timestamptz,
    reason text,
    posted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    paused_at timestamptz,
    held_at timestamptz,
    hold_reason text,
    shown bigint,
    clicked bigint,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if p_shop is not null then
        perform market.shop_member_require(p_actor, p_shop, 'seller');
    end if;

    return query
    select
        r.promotion_id, r.kind, r.listing_id, r.title, r.created_by, r.text,
        r.wanted_categories, r.excluded_categories, r.begins_at, r.ends_at, r.impressions_wanted,
        r.state, r.currency, r.price_minor, r.payment, r.paid_at, r.reason, r.posted_at,
        r.started_at, r.ended_at, r.paused_at, r.held_at, r.hold_reason, r.shown, r.clicked,
        r.created_at
    from market.promotion_rows as r
    where (p_shop is null and r.owner_user_id = p_actor or r.owner_shop_id = p_shop)
        and (p_after is null or r.promotion_id < p_after)
    order by r.promotion_id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.promotion_list_mine(bigint, bigint, integer, bigint) is
    'The orders for listings of the acting person, or of a shop where they sell, 1 to 100 at a '
    'time (20), after the given one. Raises: actor_unknown, shop_unknown, shop_role_required.';

grant execute on function market.promotion_list_mine(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
