-- Guarantees: what a person ordered to be advertised, and what became of it.
create or replace function market.export_promotions(
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
        p.id::text,
        jsonb_build_object(
            'listing_id', p.listing_id, 'kind', p.kind, 'text', p.text, 'state', p.state,
            'begins_at', p.begins_at, 'ends_at', p.ends_at, 'currency', p.currency,
            'price_minor', p.price_minor, 'payment', p.payment, 'paid_at', p.paid_at,
            'reason', p.reason, 'paused_at', p.paused_at, 'held_at', p.held_at,
            'hold_reason', p.hold_reason, 'created_at', p.created_at)
    from market_data.promotions as p
    where p.created_by = p_user
        and p.id > coalesce(p_after::bigint, 0)
    order by p.id
    limit p_limit;
end;

comment on function market.export_promotions(bigint, text, integer) is
    'Helper: what a person ordered to be advertised, for the export. Raises: nothing.';
