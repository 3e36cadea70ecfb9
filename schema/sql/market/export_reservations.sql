-- Guarantees: the pieces that were put aside for the person.
create or replace function market.export_reservations(
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
        r.id::text,
        jsonb_build_object(
            'reservation_id', r.id, 'listing_id', r.listing_id, 'quantity', r.quantity,
            'currency', r.currency, 'total_minor', r.total_minor, 'state', r.state,
            'created_at', r.created_at, 'closed_at', r.closed_at)
    from market_data.reservations as r
    where r.buyer_id = p_user
        and (p_after is null or r.id > p_after::uuid)
    order by r.id
    limit p_limit;
end;

comment on function market.export_reservations(bigint, text, integer) is
    'Helper: what was put aside for a person, for the export. Raises: nothing.';
