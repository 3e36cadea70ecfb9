-- Guarantees: what a person says of the platform now; what they said before is kept and does not
-- count any more. Locks an advisory lock of the person, then the rating. Idempotent by state.
create or replace function market.platform_review_set(
    p_actor bigint,
    p_stars integer,
    p_text text
)
returns table (
    stars integer,
    text text,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_text constant text := coalesce(btrim(p_text), '');
    v_former record;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.review_stars_require(p_stars);
    perform pg_advisory_xact_lock(hashtextextended('kardan.platform_review:' || p_actor, 0));
    select p.id, p.stars, p.text into v_former
    from market_data.platform_reviews as p
    where p.user_id = p_actor
        and p.replaced_at is null;

    if (v_former.stars, v_former.text) is distinct from (p_stars, v_text) then
        update market_data.platform_reviews as p
        set replaced_at = v_now
        where p.id = v_former.id;
        insert into market_data.platform_reviews (user_id, stars, text, created_at)
        values (p_actor, p_stars, v_text, v_now);
        perform market.rating_move(0, v_former.stars, p_stars);
    end if;

    return query
    select p.stars, p.text, p.created_at
    from market_data.platform_reviews as p
    where p.user_id = p_actor
        and p.replaced_at is null;
end
$$;

comment on function market.platform_review_set(bigint, integer, text) is
    'A person reviews the platform: 1 to 5 stars and up to 2000 characters; it takes the place of '
    'what they said before. Raises: actor_unknown, actor_blocked, review_stars_range, '
    'platform_review_text_length.';

grant execute on function market.platform_review_set(bigint, integer, text)
    to kardan_api, kardan_bot;
