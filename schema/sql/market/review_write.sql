-- Guarantees: one review a deal and direction, of the other side of a completed deal between the
-- two, which a foreign key says; the rating counts it in the same transaction. Written again it is
-- changed, within the hours of the setting and while nobody has answered. Locks the review, then
-- the rating. Idempotent by state: the same again changes nothing, however late.
create or replace function market.review_write(
    p_actor bigint,
    p_deal uuid,
    p_stars integer,
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
    v_text constant text := coalesce(btrim(p_text), '');
    v_direction text;
    v_review bigint;
begin
    perform people.actor_require(p_actor, 'user');
    v_direction := market.review_direction(p_actor, p_deal);
    perform market.review_stars_require(p_stars);

    v_review := market.review_create(p_actor, p_deal, v_direction, p_stars, v_text);
    if v_review is null then
        v_review := market.review_edit(p_actor, p_deal, v_direction, p_stars, v_text);
    end if;

    return query
    select
        v.review_id, v.deal_id, v.direction, v.subject_user_id, v.subject_shop_id,
        v.author_id, v.author_name, v.stars, v.text, v.created_at, v.updated_at, v.answer,
        v.answered_at, v.hidden_at, v.hidden_reason
    from market.review_inside as v
    where v.review_id = v_review;
end
$$;

comment on function market.review_write(bigint, uuid, integer, text) is
    'A side of a completed deal says what the other one was like: 1 to 5 stars and up to 2000 '
    'characters without forbidden words and contacts. Null: subject_user_id or subject_shop_id, '
    'answer and answered_at without one, hidden_at and hidden_reason unless hidden. Raises: '
    'actor_unknown, actor_blocked, deal_unknown, review_own, review_stars_range, '
    'review_text_length, text_forbidden_word, text_contact, review_needs_deal, '
    'review_edit_closed.';

grant execute on function market.review_write(bigint, uuid, integer, text)
    to kardan_api, kardan_bot;
