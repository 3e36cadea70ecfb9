-- A step: whoever ordered is told what became of it. The time is that of the happening, so that it
-- is told once.
create or replace function market.promotion_tell(
    p_promotion bigint,
    p_kind text,
    p_at timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform notify.tell(
        array[r.created_by], p_kind, p_kind || ':' || p_promotion, p_at,
        jsonb_build_object(
            'promotion_id', r.promotion_id, 'listing_id', r.listing_id, 'title', r.title)
        || jsonb_strip_nulls(case p_kind
            when 'promotion.approved' then jsonb_build_object(
                'currency', r.currency, 'price_minor', r.price_minor)
            when 'promotion.rejected' then jsonb_build_object('reason', r.reason)
            when 'promotion.paid' then jsonb_build_object(
                'currency', r.currency, 'price_minor', r.price_minor, 'begins_at', r.begins_at,
                'ends_at', r.ends_at)
            when 'promotion.refunded' then jsonb_build_object(
                'currency', r.currency, 'price_minor', r.price_minor)
            when 'promotion.started' then jsonb_build_object(
                'order_kind', r.kind, 'ends_at', r.ends_at)
            when 'promotion.ended' then jsonb_build_object(
                'order_kind', r.kind, 'shown', r.shown, 'clicked', r.clicked)
            when 'promotion.held' then jsonb_build_object('reason', r.hold_reason)
            else '{}'::jsonb
        end))
    from market.promotion_rows as r
    where r.promotion_id = p_promotion;
end
$$;

comment on function market.promotion_tell(bigint, text, timestamptz) is
    'Step: tells whoever ordered an advertisement what became of it. Raises: nothing.';
