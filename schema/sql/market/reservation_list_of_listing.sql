-- Guarantees: who reserved pieces of a listing, the newest first, in pages, for its seller: the
-- owner or a member of the shop. For anybody else there is no such listing. Reads only.
create or replace function market.reservation_list_of_listing(
    p_actor bigint,
    p_listing bigint,
    p_state text,
    p_limit integer,
    p_after uuid
)
returns table (
    reservation_id uuid,
    listing_id bigint,
    buyer_id bigint,
    buyer_name text,
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
    if not exists (
        select from market_data.listings as l
        where l.id = p_listing
            and market.listing_insider(p_actor, l.id)
    ) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'listing_unknown',
            message = 'there is no such listing among those of the acting person';
    end if;

    return query
    select
        r.id, r.listing_id, r.buyer_id, c.display_name, r.quantity, r.currency, r.total_minor,
        r.state, r.created_at, r.closed_at
    from market_data.reservations as r
    join people.cards as c on c.user_id = r.buyer_id
    where r.listing_id = p_listing
        and r.id < coalesce(p_after, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        and (p_state is null or r.state = p_state)
    order by r.id desc
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.reservation_list_of_listing(bigint, bigint, text, integer, uuid) is
    'The reservations of a seller''s listing, the newest first; state null: all. closed_at is '
    'null while held. Raises: actor_unknown, listing_unknown.';

grant execute on function market.reservation_list_of_listing(bigint, bigint, text, integer, uuid)
    to kardan_api, kardan_bot;
