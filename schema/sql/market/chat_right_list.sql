-- Reads rights to delete messages that are not revoked, the newest first. Locks nothing.
create or replace function market.chat_right_list(
    p_actor bigint,
    p_user bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    right_id bigint,
    user_id bigint,
    listing_id bigint,
    until timestamptz,
    granted_by bigint,
    granted_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'admin');

    return query
    select r.id, r.user_id, r.listing_id, nullif(r.until, 'infinity'), r.granted_by, r.granted_at
    from market_data.chat_rights as r
    where (p_user is null or r.user_id = p_user)
        and r.revoked_at is null
        and (p_after is null or r.id < p_after)
    order by r.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.chat_right_list(bigint, bigint, integer, bigint) is
    'Who may delete messages of others, of one person or of all, 1 to 100 at a time (20); '
    'listing_id is null: everywhere, until null: until revoked. Raises: actor_unknown, '
    'actor_blocked, role_required.';

grant execute on function market.chat_right_list(bigint, bigint, integer, bigint)
    to kardan_api, kardan_bot;
