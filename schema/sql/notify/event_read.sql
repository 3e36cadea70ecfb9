-- What happened, for a server that fans it out: once for all who listen there. Guarantees: in the
-- order (xid, event_id), which is final before p_before_xid when that came from
-- notify.event_position; a shop's event is for those who are its members at this moment, and nobody
-- twice; nobody blocked; a listing's event only while everybody may read its chat. Reads a day by
-- the index on (written_by, id): no transaction is open for longer. Locks nothing.
create or replace function notify.event_read(
    p_after_xid bigint,
    p_after_id bigint,
    p_before_xid bigint,
    p_limit integer
)
returns table (
    xid bigint,
    event_id bigint,
    event_type text,
    event_at timestamptz,
    data jsonb,
    shop_id bigint,
    listing_id bigint,
    readers bigint[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select e.written_by::text::bigint, e.id, e.type, e.event_at, e.data, e.shop_id,
        case when market.chat_readable(e.listing_id) then e.listing_id end,
        array(
            select r.user_id
            from (
                select e.user_id
                union all
                select p.user_id
                from market.shop_people as p
                where p.shop_id = e.shop_id
                    and not notify.event_is_told(
                        p.user_id, e.written_by, e.at, e.type, e.event_at, e.data)
            ) as r (user_id)
            where r.user_id is not null
                and not exists (select from people.blocked as b where b.user_id = r.user_id))
    from notify_data.events as e
    where e.at > ops.clock_now() - interval '1 day'
        and (e.written_by, e.id) > (p_after_xid::text::xid8, p_after_id)
        and e.written_by < p_before_xid::text::xid8
    order by e.written_by, e.id
    limit least(greatest(coalesce(p_limit, 100), 1), 1000);
end
$$;

comment on function notify.event_read(bigint, bigint, bigint, integer) is
    'Events behind a position and before a transaction, 1 to 1000 at a time (100). readers are the '
    'people for whom it is; shop_id is null unless they have it as members of a shop, listing_id '
    'unless it is for those who watch a listing, which everybody may see. Raises: nothing.';

grant execute on function notify.event_read(bigint, bigint, bigint, integer) to kardan_api;
