-- Guarantees: live listings (waiting, published, reserved) that this one may be a copy of: of the
-- same seller with the same part number in any spelling; of the same seller with a near-identical
-- text; published by others with the very same text of some length. A person and the shops they
-- sell in are one seller. Texts are near by trigrams: the titles first, then the beginning of the
-- whole text, among the seller's newest listings, because a seller repeats what is recent. Two part
-- numbers that differ tell two things apart, however alike their texts are. Locks nothing.
create or replace function market.moderation_duplicate_hints(p_listing bigint)
returns table (
    kind text,
    field text,
    excerpt text,
    details jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_own record;
begin
    select
        array(select s.user_id from market.listing_sellers(l.owner_user_id, l.owner_shop_id) as s
            where s.user_id is not null) as users,
        array(select s.shop_id from market.listing_sellers(l.owner_user_id, l.owner_shop_id) as s
            where s.shop_id is not null) as shops,
        l.kind, l.title, l.part_number_norm as number,
        left(l.title || ' ' || l.description, 1000) as text,
        market_data.listing_text_hash(l.title, l.description) as hash,
        char_length(l.description) >= 40 as is_long
    into v_own
    from market_data.listings as l
    where l.id = p_listing;

    return query
    select
        'same_number', 'part_number', s.title,
        jsonb_build_object('listing_id', s.id, 'status', s.status)
    from market.listing_same_number(
        p_listing, v_own.users, v_own.shops, v_own.number) as s;

    return query
    select
        'similar_text', 'description', s.title,
        jsonb_build_object('listing_id', s.id, 'status', s.status, 'similarity', s.similarity)
    from market.listing_similar_text(
        p_listing, v_own.users, v_own.shops, v_own.kind, v_own.number, v_own.title,
        v_own.text) as s;

    return query
    -- Taken first and put in order after: the planner knows nothing of how rare a hash is.
    with same as materialized (
        select l.id, l.title, l.status, l.owner_user_id, l.owner_shop_id
        from market_data.listings as l
        where v_own.is_long
            and market_data.listing_text_hash(l.title, l.description) = v_own.hash
            and l.status in ('published', 'reserved')
    )
    select
        'same_text_elsewhere', 'description', s.title,
        jsonb_build_object('listing_id', s.id, 'status', s.status)
    from same as s
    where s.id <> p_listing
        and (s.owner_user_id = any (v_own.users) or s.owner_shop_id = any (v_own.shops)) is not true
    order by s.id desc
    limit 5;
end
$$;

comment on function market.moderation_duplicate_hints(bigint) is
    'Step: listings that this one may be a copy of: details {listing_id, status}, and similarity '
    'from 0 to 1 of near-identical texts. Raises: nothing.';
