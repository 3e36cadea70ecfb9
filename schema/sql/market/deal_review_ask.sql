-- Guarantees: the buyer of a completed deal is asked for a review exactly once, whoever of the shop
-- asks and however often. By the seller. Locks the membership in the shop, the listing, then the
-- deal. Idempotent by state.
create or replace function market.deal_review_ask(p_actor bigint, p_deal uuid)
returns table (
    deal_id uuid,
    review_asked_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_lock record;
    v_deal record;
begin
    select k.state, k.sides into v_lock from market.deal_lock(p_actor, p_deal) as k;
    if not 'seller' = any (v_lock.sides) then
        raise exception using
            errcode = 'ZDENY', constraint = 'deal_side_required',
            message = 'the seller asks for a review';
    end if;
    select d.buyer_id, d.seller_user_id, d.seller_shop_id, d.listing_id, d.title, d.review_asked_at
    into v_deal
    from market_data.deals as d
    where d.id = p_deal;

    if v_deal.review_asked_at is null then
        if v_lock.state <> 'completed' then
            raise exception using
                errcode = 'ZCONF', constraint = 'deal_not_completed',
                message = 'a review is asked for when the deal is completed';
        end if;
        if exists (
            select
            from market_data.reviews as r
            where r.deal_id = p_deal
                and r.direction = 'of_seller'
        ) then
            raise exception using
                errcode = '23505', constraint = 'review_exists',
                message = 'the buyer has written a review already';
        end if;
        update market_data.deals as d set review_asked_at = v_now where d.id = p_deal;
        perform notify.tell(
            array[v_deal.buyer_id], 'review.asked', 'review.asked:' || p_deal, v_now,
            jsonb_build_object(
                'deal_id', p_deal, 'listing_id', v_deal.listing_id, 'title', v_deal.title,
                'shop_id', v_deal.seller_shop_id, 'user_id', v_deal.seller_user_id));
    end if;

    return query
    select d.id, d.review_asked_at from market_data.deals as d where d.id = p_deal;
end
$$;

comment on function market.deal_review_ask(bigint, uuid) is
    'The seller asks the buyer for a review. Raises: actor_unknown, actor_blocked, deal_unknown, '
    'deal_side_required, deal_not_completed, review_exists.';

grant execute on function market.deal_review_ask(bigint, uuid) to kardan_api, kardan_bot;
