-- A step: whoever ordered is told what became of it, and the audit who decided.
create or replace function market.promotion_tell(p_actor bigint, p_promotion bigint, p_kind text)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_order record;
begin
    select p.created_by, p.decided_at,
        jsonb_strip_nulls(jsonb_build_object(
            'promotion_id', p.id, 'listing_id', p.listing_id, 'title', l.title,
            'currency', p.currency, 'price_minor', p.price_minor, 'reason', p.reason)) as data
    into v_order
    from market_data.promotions as p
    join market_data.listings as l on l.id = p.listing_id
    where p.id = p_promotion;

    perform notify.tell(
        array[v_order.created_by], p_kind, p_kind || ':' || p_promotion, v_order.decided_at,
        v_order.data);
    perform ops.audit_write(
        p_actor, replace(p_kind, 'promotion.', 'moderation.promotion_'), 'promotion',
        p_promotion::text, v_order.data - 'title');
end
$$;

comment on function market.promotion_tell(bigint, bigint, text) is
    'Step: tells whoever ordered an advertisement, and records the decision. Raises: nothing.';
