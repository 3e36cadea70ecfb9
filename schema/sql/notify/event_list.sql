-- What the acting person missed between two positions, in the order (xid, event_id): what
-- notify.event_read would have given them, with their shops of this moment. Reads by the indexes
-- that begin with the person, the shop and the listing, from a day before p_since on: no
-- transaction is open for longer. Locks nothing.
create or replace function notify.event_list(
    p_actor bigint,
    p_listings bigint[],
    p_since timestamptz,
    p_after_xid bigint,
    p_after_id bigint,
    p_until_xid bigint,
    p_until_id bigint,
    p_limit integer
)
returns table (
    xid bigint,
    event_id bigint,
    event_type text,
    event_at timestamptz,
    data jsonb,
    shop_id bigint,
    listing_id bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_oldest constant timestamptz := ops.clock_now() - interval '6 days';
    v_from constant timestamptz := greatest(p_since, v_oldest) - interval '1 day';
    v_after constant xid8 := p_after_xid::text::xid8;
    v_until constant xid8 := p_until_xid::text::xid8;
    v_limit constant integer := least(greatest(coalesce(p_limit, 100), 1), 1000);
begin
    perform people.actor_require(p_actor, 'user');

    return query
    select f.written_by::text::bigint, f.id, f.event_type, f.event_at, f.data, f.shop_id,
        f.listing_id
    from (
        select r.written_by, r.id, r.event_type, r.event_at, r.data, r.shop_id, r.listing_id
        from notify.event_range_person(
            p_actor, v_from, v_after, p_after_id, v_until, p_until_id, v_limit) as r
        union all
        select r.written_by, r.id, r.event_type, r.event_at, r.data, r.shop_id, r.listing_id
        from market.shop_people as p
        cross join lateral notify.event_range_shop(
            p.shop_id, p_actor, v_from, v_after, p_after_id, v_until, p_until_id, v_limit) as r
        where p.user_id = p_actor
        union all
        select r.written_by, r.id, r.event_type, r.event_at, r.data, r.shop_id, r.listing_id
        from (select distinct w.id from unnest(p_listings) as w (id)) as l
        cross join lateral notify.event_range_listing(
            l.id, v_from, v_after, p_after_id, v_until, p_until_id, v_limit) as r
        where market.chat_readable(l.id)
    ) as f
    order by f.written_by, f.id
    limit v_limit;
end
$$;

comment on function notify.event_list(
    bigint, bigint[], timestamptz, bigint, bigint, bigint, bigint, integer) is
    'What the acting person could hear behind one position and up to another, 1 to 1000 at a time '
    '(100); p_since is when the first was read. shop_id is null unless they have it as a member of '
    'a shop, listing_id unless as who watches a listing. Raises: actor_unknown, actor_blocked.';

grant execute on function notify.event_list(
    bigint, bigint[], timestamptz, bigint, bigint, bigint, bigint, integer) to kardan_api;
