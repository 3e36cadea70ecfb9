-- Guarantees: what a buyer reserved, the newest first, in pages; a blocked person still sees it,
-- and nobody else does. What they hold pieces of they see whatever became of the listing. Reads
-- only.
create or replace function market.reservation_list_mine(
    p_actor bigint,
    p_limit integer,
    p_after uuid
)
returns table (
    reservation_id uuid,
    listing_id bigint,
    title text,
    cover_key text,
    listing_status text,
    quantity integer,
    currency text,
    total_minor bigint,
    state text,
    created_at timestamptz,
    closed_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        r.id, r.listing_id, case when v.is_shown then l.title else '' end,
        case when v.is_shown then l.cover_key end, l.status, r.quantity, r.currency,
        r.total_minor, r.state, r.created_at, r.closed_at
    from market_data.reservations as r
    join market_data.listings as l on l.id = r.listing_id
    cross join lateral (
        -- What is not for everybody to see is not for a former buyer either.
        select r.state = 'held'
            or l.status in ('published', 'reserved', 'sold')
            and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    ) as v (is_shown)
    where r.buyer_id = p_actor
        and r.id < coalesce(p_after, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    order by r.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.reservation_list_mine(bigint, integer, uuid) is
    'A buyer''s reservations, the newest first. closed_at is null while held; once it is closed, '
    'title is empty and cover_key null while the listing is not for everybody to see. Raises: '
    'actor_unknown.';

grant execute on function market.reservation_list_mine(bigint, integer, uuid)
    to kardan_api, kardan_bot;
