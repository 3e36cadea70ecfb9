-- Guarantees: the listings whose contacts the person was ever shown.
create or replace function market.export_contacts_shown(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        k.listing_id::text,
        jsonb_build_object(
            'listing_id', k.listing_id, 'first_at', k.first_at, 'last_at', k.last_at,
            'clicks', k.clicks)
    from market_data.contact_people as k
    where k.user_id = p_user
        and k.listing_id > coalesce(p_after::bigint, 0)
    order by k.listing_id
    limit p_limit;
end;

comment on function market.export_contacts_shown(bigint, text, integer) is
    'Helper: whose contacts a person was ever shown, for the export. Raises: nothing.';
