-- Guarantees: what sellers write to those who were shown their contacts, the latest first, for
-- moderators. Locks nothing.
create or replace function market.moderation_contact_notice_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    notice_id bigint,
    listing_id bigint,
    title text,
    text text,
    sent_by bigint,
    sent_at timestamptz,
    people integer,
    told integer,
    finished_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select
        n.id, n.listing_id, n.title, n.text, n.sent_by, n.sent_at, n.people, n.told, n.finished_at
    from market_data.contact_notices as n
    where p_after is null or n.id < p_after
    order by n.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.moderation_contact_notice_list(bigint, integer, bigint) is
    'For moderators: what sellers write to those who were shown their contacts, the latest first, '
    '1 to 100 at a time (20), after the given one. finished_at is null while there are people to '
    'tell. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_contact_notice_list(bigint, integer, bigint)
    to kardan_api, kardan_bot;
