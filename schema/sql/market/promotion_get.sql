-- An order as the people of its listing see it; whoever else asks, hears of none. Reads only. A
-- blocked person may look.
create or replace function market.promotion_get(
    p_actor bigint,
    p_promotion bigint
)
returns table (
    promotion_id bigint,
    kind text,
    listing_id bigint,
    title text,
    created_by bigint,
    text text,
    wanted_categories bigint[],
    excluded_categories bigint[],
    begins_at timestamptz,
    ends_at timestamptz,
    impressions_wanted integer,
    state text,
    currency text,
    price_minor bigint,
    payment text,
    paid_at timestamptz,
    reason text,
    posted_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    paused_at timestamptz,
    held_at timestamptz,
    hold_reason text,
    shown bigint,
    clicked bigint,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select
        r.promotion_id, r.kind, r.listing_id, r.title, r.created_by, r.text,
        r.wanted_categories, r.excluded_categories, r.begins_at, r.ends_at, r.impressions_wanted,
        r.state, r.currency, r.price_minor, r.payment, r.paid_at, r.reason, r.posted_at,
        r.started_at, r.ended_at, r.paused_at, r.held_at, r.hold_reason, r.shown, r.clicked,
        r.created_at
    from market.promotion_rows as r
    where r.promotion_id = p_promotion
        and market.listing_insider(p_actor, r.listing_id);
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'promotion_unknown',
            message = 'there is no such order';
    end if;
end
$$;

comment on function market.promotion_get(bigint, bigint) is
    'An order, for somebody of its listing. Raises: actor_unknown, promotion_unknown.';

grant execute on function market.promotion_get(bigint, bigint) to kardan_bot;
