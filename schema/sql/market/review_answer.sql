-- Guarantees: the reviewed side says something to a review, once. Locks the review. Idempotent by
-- state: the same answer again changes nothing.
create or replace function market.review_answer(
    p_actor bigint,
    p_review bigint,
    p_text text
)
returns table (
    review_id bigint,
    deal_id uuid,
    direction text,
    subject_user_id bigint,
    subject_shop_id bigint,
    author_id bigint,
    author_name text,
    stars integer,
    text text,
    created_at timestamptz,
    updated_at timestamptz,
    answer text,
    answered_at timestamptz,
    hidden_at timestamptz,
    hidden_reason text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_text constant text := coalesce(btrim(p_text), '');
    v_row record;
begin
    perform people.actor_require(p_actor, 'user');
    select r.answer, r.answered_at, r.hidden_at, r.direction,
        market.deal_sides(p_actor, r.deal_id) as sides
    into v_row
    from market_data.reviews as r
    where r.id = p_review
    for no key update;

    if not found or (v_row.hidden_at is not null and v_row.sides = '{}') then
        raise exception using
            errcode = 'ZNFND', constraint = 'review_unknown', message = 'there is no such review';
    end if;
    if v_row.sides is distinct from
        array[case v_row.direction when 'of_seller' then 'seller' else 'buyer' end]
    then
        raise exception using
            errcode = 'ZDENY', constraint = 'review_side_required',
            message = 'only the reviewed side answers a review';
    end if;
    if v_row.answered_at is not null and v_row.answer is distinct from v_text then
        raise exception using
            errcode = 'ZCONF', constraint = 'review_answered',
            message = 'the review was answered already';
    end if;
    if v_row.answered_at is null then
        perform market.text_require('text', v_text);
        update market_data.reviews as r
        set answer = v_text, answered_at = v_now, answered_by = p_actor
        where r.id = p_review;
        perform market.review_tell('answered', p_review);
    end if;

    return query
    select
        v.review_id, v.deal_id, v.direction, v.subject_user_id, v.subject_shop_id,
        v.author_id, v.author_name, v.stars, v.text, v.created_at, v.updated_at, v.answer,
        v.answered_at, v.hidden_at, v.hidden_reason
    from market.review_inside as v
    where v.review_id = p_review;
end
$$;

comment on function market.review_answer(bigint, bigint, text) is
    'The reviewed side answers a review in 1 to 1000 characters without forbidden words and '
    'contacts. Null as in market.review_write. Raises: actor_unknown, actor_blocked, '
    'review_unknown, review_side_required, review_answered, review_answer_length, '
    'text_forbidden_word, text_contact.';

grant execute on function market.review_answer(bigint, bigint, text) to kardan_api, kardan_bot;
