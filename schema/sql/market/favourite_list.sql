-- Guarantees: the favourites of the acting person with what has become of them, the latest first.
-- What nobody sees any more stays as withdrawn, under the name that it had when it was put aside,
-- without price and photo: nobody has checked what it says by now. Locks nothing.
create or replace function market.favourite_list(
    p_actor bigint,
    p_limit integer,
    p_after_at timestamptz,
    p_after_listing bigint
)
returns table (
    listing_id bigint,
    added_at timestamptz,
    state text,
    title text,
    currency text,
    price_minor bigint,
    cover_key text
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
        f.listing_id, f.added_at, s.state,
        case when s.state = 'withdrawn' then f.title else l.title end,
        l.currency,
        case when s.state <> 'withdrawn' then l.price_minor end,
        case when s.state <> 'withdrawn' then l.cover_key end
    from market_data.favourites as f
    join market_data.listings as l on l.id = f.listing_id
    left join market.listing_public as p on p.listing_id = f.listing_id
    cross join lateral (
        select case
            when p.listing_id is not null then p.status
            when l.status = 'sold' and not exists (
                select from people.blocked as b where b.user_id = l.owner_user_id) then 'sold'
            else 'withdrawn'
        end as state
    ) as s
    where f.user_id = p_actor
        and (p_after_at is null or (f.added_at, f.listing_id) < (p_after_at, p_after_listing))
    order by f.added_at desc, f.listing_id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.favourite_list(bigint, integer, timestamptz, bigint) is
    'A person''s favourites, the latest first, 1 to 100 at a time (20), after the given time and '
    'listing. The state is published, reserved, sold or withdrawn; price and photo are null for '
    'what is withdrawn, the photo also without one. Raises: actor_unknown.';

grant execute on function market.favourite_list(bigint, integer, timestamptz, bigint)
    to kardan_api, kardan_bot;
