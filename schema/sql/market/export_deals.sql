-- Guarantees: the deals of the person on either side, each with its steps. What was bought and the
-- other side's reason are told, for they were told to the person; who the other side is is not.
create or replace function market.export_deals(
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
        d.id::text,
        jsonb_build_object(
            'deal_id', d.id, 'listing_id', d.listing_id,
            'side', case when d.buyer_id = p_user then 'buyer' else 'seller' end,
            'title', d.title, 'quantity', d.quantity, 'currency', d.currency,
            'unit_price_minor', d.unit_price_minor, 'total_minor', d.total_minor,
            'state', d.state, 'reason', d.reason, 'created_at', d.created_at,
            'changed_at', d.changed_at, 'review_asked_at', d.review_asked_at,
            'steps', (
                select jsonb_agg(
                    jsonb_build_object(
                        'at', e.at, 'state', e.to_state, 'by_me', e.actor_id is not distinct
                            from p_user)
                    order by e.at, e.id)
                from market_data.deal_events as e
                where e.deal_id = d.id
                    and e.at >= d.created_at
                    and e.at <= d.changed_at))
    from market_data.deals as d
    where (d.buyer_id = p_user or d.seller_user_id = p_user)
        and (p_after is null or d.id > p_after::uuid)
    order by d.id
    limit p_limit;
end;

comment on function market.export_deals(bigint, text, integer) is
    'Helper: the deals of a person, for the export. Raises: nothing.';
