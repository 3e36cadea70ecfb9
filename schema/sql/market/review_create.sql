-- A step: the first review of a deal in this direction, counted and told; null when there is one
-- already. The foreign key refuses it without a completed deal. Locks the rating.
create or replace function market.review_create(
    p_actor bigint,
    p_deal uuid,
    p_direction text,
    p_stars integer,
    p_text text
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_review bigint;
    v_subject bigint;
begin
    -- Asked before the text is looked at: what was written before is not judged by today's words.
    if exists (
        select
        from market_data.reviews as r
        where r.deal_id = p_deal
            and r.direction = p_direction
    ) then
        return null;
    end if;
    perform market.text_require('text', p_text);

    insert into market_data.reviews (
        deal_id, direction, buyer_id, seller_key, author_id, stars, text, created_at, updated_at)
    select d.id, p_direction, d.buyer_id, d.seller_key, p_actor, p_stars, p_text, v_now, v_now
    from market_data.deals as d
    where d.id = p_deal
    on conflict on constraint review_exists do nothing
    returning id, subject into v_review, v_subject;

    if v_review is not null then
        perform market.rating_move(v_subject, null, p_stars);
        perform market.review_tell('received', v_review);
    end if;
    return v_review;
end
$$;

comment on function market.review_create(bigint, uuid, text, integer, text) is
    'Step: stores a new review and tells its number, null when there is one. Raises: '
    'review_needs_deal, review_text_length, text_forbidden_word, text_contact.';
