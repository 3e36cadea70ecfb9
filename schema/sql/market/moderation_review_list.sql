-- Guarantees: reviews for moderators, the newest first, in pages: the hidden ones, or all. Locks
-- nothing.
create or replace function market.moderation_review_list(
    p_actor bigint,
    p_hidden boolean,
    p_limit integer,
    p_after bigint
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    if p_hidden then
        return query
        select
            v.review_id, v.deal_id, v.direction, v.subject_user_id, v.subject_shop_id,
            v.author_id, v.author_name, v.stars, v.text, v.created_at, v.updated_at,
            v.answer, v.answered_at, v.hidden_at, v.hidden_reason
        from market.review_inside as v
        where v.hidden_at is not null
            and v.review_id < coalesce(p_after, 9223372036854775807)
        order by v.review_id desc
        limit least(greatest(coalesce(p_limit, 20), 1), 100);
    else
        return query
        select
            v.review_id, v.deal_id, v.direction, v.subject_user_id, v.subject_shop_id,
            v.author_id, v.author_name, v.stars, v.text, v.created_at, v.updated_at,
            v.answer, v.answered_at, v.hidden_at, v.hidden_reason
        from market.review_inside as v
        where v.review_id < coalesce(p_after, 9223372036854775807)
        order by v.review_id desc
        limit least(greatest(coalesce(p_limit, 20), 1), 100);
    end if;
end
$$;

comment on function market.moderation_review_list(bigint, boolean, integer, bigint) is
    'Reviews for moderators, the newest first, 1 to 100 at a time (20), after the given one; '
    'hidden true: only the hidden ones. Null as in market.review_write. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.moderation_review_list(bigint, boolean, integer, bigint)
    to kardan_api, kardan_bot;
