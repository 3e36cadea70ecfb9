-- Guarantees: up to five live listings of these people and shops whose text is nearly the given
-- one: at least half of the title, and 0.8 of the first 1000 letters. The newest 500 of each are
-- looked at, 1000 in all, the first names first, and of those only the 20 nearest titles further,
-- so that it stays cheap. Locks nothing.
create or replace function market.listing_similar_text(
    p_listing bigint,
    p_users bigint[],
    p_shops bigint[],
    p_kind text,
    p_number text,
    p_title text,
    p_text text
)
returns table (
    id bigint,
    title text,
    status text,
    similarity numeric
)
language sql
stable
parallel safe
begin atomic
    with newest as (
        (
            select o.id, o.title, o.status, o.kind, o.part_number_norm
            from unnest(p_users) as w (user_id)
            cross join lateral (
                select l.id, l.title, l.status, l.kind, l.part_number_norm
                from market_data.listings as l
                where l.owner_user_id = w.user_id
                order by l.id desc
                limit 500
            ) as o
            union all
            select o.id, o.title, o.status, o.kind, o.part_number_norm
            from unnest(p_shops) as w (shop_id)
            cross join lateral (
                select l.id, l.title, l.status, l.kind, l.part_number_norm
                from market_data.listings as l
                where l.owner_shop_id = w.shop_id
                order by l.id desc
                limit 500
            ) as o
        )
        limit 1000
    ),
    -- By itself, so that a similarity is computed once.
    scored as materialized (
        select n.id, n.title, n.status, extensions.similarity(n.title, p_title) as nearness
        from newest as n
        where n.id <> p_listing
            and n.kind = p_kind
            and n.status in ('pending', 'published', 'reserved')
            and (p_number = '' or n.part_number_norm in ('', p_number))
    ),
    near as materialized (
        select s.id, s.title, s.status
        from scored as s
        where s.nearness >= 0.5
        order by s.nearness desc, s.id desc
        limit 20
    )
    select m.id, m.title, m.status, round(m.nearness::numeric, 2)
    from (
        select
            n.id, n.title, n.status,
            extensions.similarity(left(l.title || ' ' || l.description, 1000), p_text) as nearness
        from near as n
        join market_data.listings as l on l.id = n.id
    ) as m
    where m.nearness >= 0.8
    order by m.nearness desc, m.id desc
    limit 5;
end;

comment on function market.listing_similar_text(
    bigint, bigint[], bigint[], text, text, text, text) is
    'Helper: live listings of a seller with nearly this text. Raises: nothing.';
