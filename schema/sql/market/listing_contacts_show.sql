-- Guarantees: the contacts of a listing that anybody may see, and that this is noted with who, when
-- and from where. The people of the listing itself do not count, and neither does the same person
-- or visitor again within a while; of both nothing is noted. Locks the clicker, nothing else that
-- anybody could wait for. Idempotent by that while.
create or replace function market.listing_contacts_show(
    p_actor bigint,
    p_visitor text,
    p_listing bigint,
    p_source text
)
returns table (
    listing_id bigint,
    contact_name text,
    contact_phone text,
    contact_telegram text,
    is_counted boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_clicker constant bigint := market.visitor_require(p_actor, p_visitor);
    v_is_counted boolean := false;
begin
    if not exists (select from market.listing_public as p where p.listing_id = p_listing) then
        raise exception using
            errcode = 'ZNFND', constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
    if not market.listing_insider(v_clicker, p_listing) then
        v_is_counted := market.contact_click_record(p_listing, v_clicker, p_source);
    end if;

    return query
    select l.id, l.contact_name, l.contact_phone, l.contact_telegram, v_is_counted
    from market_data.listings as l
    where l.id = p_listing;
end
$$;

comment on function market.listing_contacts_show(bigint, text, bigint, text) is
    'The contacts of a listing that is published or reserved, for a person, or without one (null) '
    'for a visitor: any text by which one is told from another today. The source is bot, web or '
    'api. Tells whether it counts as a click. Raises: actor_unknown, actor_blocked, '
    'visitor_required, listing_unknown, contact_limit, contact_click_source_known.';

grant execute on function market.listing_contacts_show(bigint, text, bigint, text)
    to kardan_api, kardan_bot;
