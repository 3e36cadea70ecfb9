-- A step: the guard of what a moderator does to a review. Locks the review. A moderator who stands
-- on a side of its deal leaves it to another one.
create or replace function market.moderation_review_lock(p_actor bigint, p_review bigint)
returns table (
    subject bigint,
    stars integer,
    hidden_at timestamptz
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deal uuid;
begin
    perform people.actor_require(p_actor, 'moderator');
    select r.deal_id, r.subject, r.stars, r.hidden_at
    into v_deal, subject, stars, hidden_at
    from market_data.reviews as r
    where r.id = p_review
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'review_unknown', message = 'there is no such review';
    end if;
    if market.deal_sides(p_actor, v_deal) <> '{}' then
        raise exception using
            errcode = 'ZDENY', constraint = 'review_own',
            message = 'another moderator decides on a review of your own deal';
    end if;
    return next;
end
$$;

comment on function market.moderation_review_lock(bigint, bigint) is
    'Step: locks a review for a moderator. Raises: actor_unknown, actor_blocked, role_required, '
    'review_unknown, review_own.';
