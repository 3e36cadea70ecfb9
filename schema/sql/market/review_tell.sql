-- A step: tells whom it concerns what happened to a review, in the transaction in which it happens:
-- received, to the reviewed; answered and hidden, to whoever wrote it. Locks nothing.
create or replace function market.review_tell(p_step text, p_review bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_kind constant text := 'review.' || p_step;
    v_row record;
    v_is_of_seller boolean;
    v_data jsonb;
begin
    select r.id, r.direction, r.author_id, r.stars, r.hidden_reason, d.id as deal_id, d.listing_id,
        d.title, d.buyer_id, d.seller_user_id, d.seller_shop_id
    into v_row
    from market_data.reviews as r
    join market_data.deals as d on d.id = r.deal_id
    where r.id = p_review;
    v_is_of_seller := v_row.direction = 'of_seller';
    v_data := jsonb_build_object(
        'deal_id', v_row.deal_id, 'listing_id', v_row.listing_id, 'title', v_row.title,
        'shop_id', v_row.seller_shop_id, 'review_id', v_row.id, 'stars', v_row.stars,
        'user_id', case
            when v_is_of_seller = (p_step = 'received') then v_row.buyer_id
            else v_row.seller_user_id
        end);

    perform notify.tell(
        case
            when p_step <> 'received' then array[v_row.author_id]
            when v_is_of_seller then
                market.seller_people(v_row.seller_user_id, v_row.seller_shop_id)
            else array[v_row.buyer_id]
        end,
        v_kind, v_kind || ':' || p_review, v_now,
        v_data || jsonb_strip_nulls(jsonb_build_object(
            'reason', case when p_step = 'hidden' then v_row.hidden_reason end)));
    perform notify.announce(
        v_kind, array[v_row.buyer_id, v_row.seller_user_id], v_row.seller_shop_id, v_now, v_data);
end
$$;

comment on function market.review_tell(text, bigint) is
    'Step: tells what happened to a review: received, answered or hidden. Raises: nothing.';
