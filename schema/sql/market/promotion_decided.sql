-- A step: whoever ordered is told what a moderator decided, and the audit who decided.
create or replace function market.promotion_decided(
    p_actor bigint,
    p_promotion bigint,
    p_kind text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.promotion_tell(p_promotion, p_kind, ops.clock_now());
    perform ops.audit_write(
        p_actor, replace(p_kind, 'promotion.', 'moderation.promotion_'), 'promotion',
        p_promotion::text,
        jsonb_strip_nulls(jsonb_build_object(
            'promotion_id', p.id, 'listing_id', p.listing_id, 'currency', p.currency,
            'price_minor', p.price_minor, 'reason', coalesce(p.hold_reason, p.reason))))
    from market_data.promotions as p
    where p.id = p_promotion;
end
$$;

comment on function market.promotion_decided(bigint, bigint, text) is
    'Step: tells and records what a moderator decided about an order. Raises: nothing.';
