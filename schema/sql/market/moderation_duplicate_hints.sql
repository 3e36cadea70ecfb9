-- Guarantees: live listings (waiting, published, reserved) that this one may be a copy of: of the
-- same seller with the same part number in any spelling; of the same seller with a near-identical
-- text; published by others with the very same text of some length. Texts are near by trigrams:
-- the titles first, then the beginning of the whole text, among the seller's newest 500 listings,
-- because a seller repeats what is recent. Two part numbers that differ tell two things apart,
-- however alike their texts are. Locks nothing.
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
        l.owner_user_id, l.owner_shop_id, l.kind, l.title, l.part_number_norm as number,
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
        p_listing, v_own.owner_user_id, v_own.owner_shop_id, v_own.number) as s;

    return query
    select
        'similar_text', 'description', s.title,
        jsonb_build_object('listing_id', s.id, 'status', s.status, 'similarity', s.similarity)
    from market.listing_similar_text(
        p_listing, v_own.owner_user_id, v_own.owner_shop_id, v_own.kind, v_own.number,
        v_own.title, v_own.text) as s;

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
        and (s.owner_user_id, s.owner_shop_id)
            is distinct from (v_own.owner_user_id, v_own.owner_shop_id)
    order by s.id desc
    limit 5;
end
$$;

comment on function market.moderation_duplicate_hints(bigint) is
    'Step: listings that this one may be a copy of: details {listing_id, status}, and similarity '
    'from 0 to 1 of near-identical texts. Raises: nothing.';
