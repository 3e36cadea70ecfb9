-- A step: the people of a broadcast's segment among those with numbers after p_after and up to
-- p_until: who is blocked or came after its start is not among them. Reads only.
create or replace function notify.broadcast_people(
    p_broadcast bigint,
    p_after bigint,
    p_until bigint
)
returns table (
    user_id bigint,
    is_reachable boolean
)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select r.user_id, r.telegram_id is not null and r.unreachable_at is null
    from notify_data.broadcasts as b
    join people.recipients as r on r.user_id > p_after and r.user_id <= p_until
    where b.id = p_broadcast
        and r.created_at <= coalesce(b.started_at, 'infinity')
        and (b.role is null or b.role = r.role)
        and (b.language is null or b.language = r.language)
        and (b.has_telegram is null
            or b.has_telegram = (r.telegram_id is not null and r.unreachable_at is null))
        and (b.seen_since is null or r.seen_at >= b.seen_since)
        and (b.in_shop is null or b.in_shop = exists (
            select from market.shop_people as s where s.user_id = r.user_id))
        and (b.is_selling is null or b.is_selling = exists (
            select
            from market.open_sellers as s
            where s.user_id = r.user_id
                and (b.place_id is null or s.place_id = b.place_id)))
        and not exists (select from people.blocked as x where x.user_id = r.user_id);
end
$$;

comment on function notify.broadcast_people(bigint, bigint, bigint) is
    'Step: the people of a segment in a range of numbers, and whether the bot reaches them. '
    'Raises: nothing.';
