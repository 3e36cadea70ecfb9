-- A step: a review that exists says this now, counted at once unless it is hidden. The same again
-- changes nothing, however late. Locks the review, then the rating.
create or replace function market.review_edit(
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
    v_hours constant integer := least(ops.setting_integer('reviews.edit_hours', 72), 87600);
    v_review record;
begin
    select r.id, r.subject, r.stars, r.text, r.created_at, r.answered_at, r.hidden_at
    into v_review
    from market_data.reviews as r
    where r.deal_id = p_deal
        and r.direction = p_direction
    for no key update;

    if (v_review.stars, v_review.text) is distinct from (p_stars, p_text) then
        if v_review.answered_at is not null
            or v_review.created_at + make_interval(hours => v_hours) <= v_now
        then
            raise exception using
                errcode = 'ZCONF',
                constraint = 'review_edit_closed',
                message = 'the review was answered, or the time to change it is over';
        end if;
        perform market.text_require('text', p_text);
        update market_data.reviews as r
        set stars = p_stars, text = p_text, author_id = p_actor, updated_at = v_now
        where r.id = v_review.id;
        if v_review.hidden_at is null then
            perform market.rating_move(v_review.subject, v_review.stars, p_stars);
        end if;
    end if;
    return v_review.id;
end
$$;

comment on function market.review_edit(bigint, uuid, text, integer, text) is
    'Step: changes a review and tells its number. Raises: review_edit_closed, review_text_length, '
    'text_forbidden_word, text_contact.';
