-- Guarantees: a review is neither shown nor counted any more, and whoever wrote it reads why. Locks
-- the review, then the rating. Idempotent by state: what is hidden stays as it was hidden.
create or replace function market.moderation_review_hide(
    p_actor bigint,
    p_review bigint,
    p_reason text
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
    v_reason constant text := coalesce(btrim(p_reason), '');
    v_row record;
begin
    select k.subject, k.stars, k.hidden_at into v_row
    from market.moderation_review_lock(p_actor, p_review) as k;

    if v_row.hidden_at is null then
        update market_data.reviews as r
        set hidden_at = ops.clock_now(), hidden_by = p_actor, hidden_reason = v_reason
        where r.id = p_review;
        perform market.rating_move(v_row.subject, v_row.stars, null);
        perform market.review_tell('hidden', p_review);
        perform ops.audit_write(
            p_actor, 'review.hide', 'review', p_review::text,
            jsonb_build_object('reason', v_reason));
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

comment on function market.moderation_review_hide(bigint, bigint, text) is
    'A moderator hides a review, with a reason of 3 to 500 characters that its author reads. Null '
    'as in market.review_write. Raises: actor_unknown, actor_blocked, role_required, '
    'review_unknown, review_own, review_hidden_reason_length.';

grant execute on function market.moderation_review_hide(bigint, bigint, text)
    to kardan_api, kardan_bot;
