-- Guarantees: a hidden review is shown and counted again. Locks the review, then the rating.
-- Idempotent by state.
create or replace function market.moderation_review_unhide(p_actor bigint, p_review bigint)
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
    v_row record;
begin
    select k.subject, k.stars, k.hidden_at into v_row
    from market.moderation_review_lock(p_actor, p_review) as k;

    if v_row.hidden_at is not null then
        update market_data.reviews as r
        set hidden_at = null, hidden_by = null, hidden_reason = null
        where r.id = p_review;
        perform market.rating_move(v_row.subject, null, v_row.stars);
        perform ops.audit_write(p_actor, 'review.unhide', 'review', p_review::text, '{}');
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

comment on function market.moderation_review_unhide(bigint, bigint) is
    'A moderator shows a hidden review again. Null as in market.review_write. Raises: '
    'actor_unknown, actor_blocked, role_required, review_unknown, review_own.';

grant execute on function market.moderation_review_unhide(bigint, bigint)
    to kardan_api, kardan_bot;
