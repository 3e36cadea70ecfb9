-- Guarantees: what the person wrote to those who had looked at contacts.
create or replace function market.export_contact_notices(
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
        n.id::text,
        jsonb_build_object(
            'listing_id', n.listing_id, 'title', n.title, 'text', n.text, 'people', n.people,
            'sent_at', n.sent_at)
    from market_data.contact_notices as n
    where n.sent_by = p_user
        and n.id > coalesce(p_after::bigint, 0)
    order by n.id
    limit p_limit;
end;

comment on function market.export_contact_notices(bigint, text, integer) is
    'Helper: what a person wrote to those who were shown contacts, for the export. Raises: '
    'nothing.';
