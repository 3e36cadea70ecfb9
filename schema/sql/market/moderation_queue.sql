-- Guarantees: what waits for a decision, the longest waiting first, in pages; claimed items are
-- in it with their holder. Reads only.
create or replace function market.moderation_queue(
    p_actor bigint,
    p_kind text,
    p_limit integer,
    p_after bigint
)
returns table (
    item_id bigint,
    listing_id bigint,
    kind text,
    title text,
    submitted_at timestamptz,
    waiting_seconds integer,
    claimed_by bigint,
    claimed_until timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    -- The page begins behind this place of the index: without an `or`, the generic plan seeks it.
    v_after_at timestamptz := timestamptz '-infinity';
    v_after_id bigint := bigint '0';
begin
    perform people.actor_require(p_actor, 'moderator');

    if p_after is not null then
        select i.submitted_at, i.id
        into v_after_at, v_after_id
        from market_data.moderation_items as i
        where i.id = p_after;
    end if;

    return query
    select
        i.id, i.listing_id, i.kind, l.title, i.submitted_at,
        greatest(0, extract(epoch from v_now - i.submitted_at))::integer,
        case when i.claimed_until > v_now then i.claimed_by end,
        case when i.claimed_until > v_now then i.claimed_until end
    from market_data.moderation_items as i
    join market_data.listings as l on l.id = i.listing_id
    where i.closed_at is null
        and (i.submitted_at, i.id) > (v_after_at, v_after_id)
        and (p_kind is null or i.kind = p_kind)
    order by i.submitted_at, i.id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.moderation_queue(bigint, text, integer, bigint) is
    'Open items, the longest waiting first; kind null: all kinds. claimed_by and claimed_until '
    'are null while nobody holds the item. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_queue(bigint, text, integer, bigint)
    to kardan_api, kardan_bot;
