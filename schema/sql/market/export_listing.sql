-- Guarantees: what is kept beside a listing: its prices, its life, the vehicles that it fits, the
-- checks by moderators with what they told its people. Who did it is not told.
create or replace function market.export_listing(p_listing bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_object(
        'prices', array(
            select jsonb_build_object(
                'at', p.at, 'currency', p.currency, 'price_minor', p.price_minor,
                'wholesale_price_minor', p.wholesale_price_minor,
                'wholesale_min_quantity', p.wholesale_min_quantity)
            from market_data.listing_prices as p
            where p.listing_id = l.id
            order by p.id),
        'history', array(
            select jsonb_build_object(
                'at', e.at, 'event', e.event, 'from', e.from_status, 'to', e.to_status,
                'details', e.details)
            from market_data.listing_events as e
            where e.listing_id = l.id
                and e.at >= l.created_at
                and e.at <= ops.clock_now()
            order by e.at, e.id),
        'fitments', array(
            select jsonb_build_object(
                'generation_id', f.generation_id, 'year_from', f.year_from, 'year_to', f.year_to,
                'note', f.note, 'created_at', f.created_at)
            from market_data.listing_fitments as f
            where f.listing_id = l.id
            order by f.id),
        'checks', array(
            select jsonb_build_object(
                'submitted_at', i.submitted_at, 'closed_at', i.closed_at, 'decision', i.decision,
                'reason', i.reason, 'note', i.note, 'edits', i.edits)
            from market_data.moderation_items as i
            where i.listing_id = l.id
            order by i.id))
    from market_data.listings as l
    where l.id = p_listing
);

comment on function market.export_listing(bigint) is
    'Helper: what is kept beside a listing, for the export of its owner. Raises: nothing.';
