-- Guarantees: what others say of a person, or else of a shop, the newest first, in pages, for
-- anybody; nothing that a moderator hid. Locks nothing.
create or replace function market.review_list(
    p_user bigint,
    p_shop bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    review_id bigint,
    direction text,
    author_name text,
    stars integer,
    text text,
    created_at timestamptz,
    updated_at timestamptz,
    answer text,
    answered_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        v.review_id, v.direction, v.author_name, v.stars, v.text, v.created_at,
        v.updated_at, v.answer, v.answered_at
    from market.review_inside as v
    where v.subject = case
            when p_user > 0 then p_user
            when p_user is null and p_shop > 0 then -p_shop
        end
        and v.hidden_at is null
        and v.review_id < coalesce(p_after, 9223372036854775807)
    order by v.review_id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.review_list(bigint, bigint, integer, bigint) is
    'The reviews of a person, or of a shop when the person is null, the newest first, 1 to 100 at '
    'a time (20), after the given one. answer and answered_at are null without one. Raises: '
    'nothing.';

grant execute on function market.review_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
