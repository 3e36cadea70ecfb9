-- Orders that a listing is shown in the slots of others (insertion), or posted into the channels
-- that it matches (post). A moderator decides, and it runs when it is paid. Locks the membership,
-- then the listing. Repeated it is another order.
create or replace function market.promotion_create(
    p_actor bigint,
    p_listing bigint,
    p_kind text,
    p_text text,
    p_wanted_categories bigint[],
    p_excluded_categories bigint[],
    p_begins_at timestamptz,
    p_ends_at timestamptz,
    p_impressions integer
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_word text;
    v_promotion bigint;
begin
    perform market.listing_editor_require(p_actor, p_listing);
    if not exists (select from market.listing_public as l where l.listing_id = p_listing) then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_listing_hidden',
            message = 'only a listing that everybody sees is advertised';
    end if;
    perform market.promotion_categories_require(p_wanted_categories || p_excluded_categories);
    v_word := (
        select f.excerpt from market.forbidden_find(left(p_text, 300)) as f order by 1 limit 1);
    if v_word is not null then
        raise exception using
            errcode = 'ZINVL', constraint = 'promotion_forbidden',
            message = 'the text has a forbidden word', detail = v_word;
    end if;
    if p_ends_at <= v_now then
        raise exception using
            errcode = 'ZINVL', constraint = 'promotion_over',
            message = 'it would end before it begins to run';
    end if;

    insert into market_data.promotions (
        kind, listing_id, created_by, text, wanted_categories, excluded_categories, begins_at,
        ends_at, impressions_wanted, created_at, updated_at)
    values (
        p_kind, p_listing, p_actor, coalesce(btrim(p_text), ''),
        coalesce(p_wanted_categories, '{}'), coalesce(p_excluded_categories, '{}'), p_begins_at,
        p_ends_at, p_impressions, v_now, v_now)
    returning id into v_promotion;

    return query
    select
        r.promotion_id, r.kind, r.listing_id, r.title, r.created_by, r.text,
        r.wanted_categories, r.excluded_categories, r.begins_at, r.ends_at, r.impressions_wanted,
        r.state, r.currency, r.price_minor, r.payment, r.paid_at, r.reason, r.posted_at,
        r.started_at, r.ended_at, r.paused_at, r.held_at, r.hold_reason, r.shown, r.clicked,
        r.created_at
    from market.promotion_rows as r
    where r.promotion_id = v_promotion;
end
$$;

comment on function market.promotion_create(
    bigint, bigint, text, text, bigint[], bigint[], timestamptz, timestamptz, integer) is
    'Somebody of a listing orders an advertisement for it. Without impressions: as many as there '
    'are until the end. Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'promotion_listing_hidden, promotion_category_unknown, promotion_forbidden, promotion_over, '
    'promotion_kind_known, promotion_text_length, promotion_wanted_few, '
    'promotion_wanted_of_insertion, promotion_excluded_few, promotion_time, '
    'promotion_impressions_range.';

grant execute on function market.promotion_create(
    bigint, bigint, text, text, bigint[], bigint[], timestamptz, timestamptz, integer)
    to kardan_api, kardan_bot;
