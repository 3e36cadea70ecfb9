-- Guarantees: no two moderators ever hold the same item: an item that another one is claiming at
-- this moment is passed over, not waited for. Items held already are renewed and come first, so
-- that a repeated call gives the same items. Never an item of the moderator's own listing or of
-- their shop. Locks items only: the held ones, which it waits for, then free ones, which it does
-- not.
create or replace function market.moderation_claim(p_actor bigint, p_limit integer)
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
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_limit constant integer := least(greatest(coalesce(p_limit, 20), 1), 100);
    v_until timestamptz;
    v_held bigint[];
    v_free bigint[];
begin
    perform people.actor_require(p_actor, 'moderator');
    v_until := v_now
        + make_interval(secs => ops.setting_integer('moderation.lease_seconds', 900));

    -- Waited for: another claim that comes upon such an item after its commit locks it in passing.
    with held as (
        select i.id
        from market_data.moderation_items as i
        where i.closed_at is null
            and i.claimed_by = p_actor
            and i.claimed_until > v_now
        order by i.submitted_at, i.id
        limit v_limit
        for no key update
    )
    select coalesce(array_agg(h.id), '{}') into v_held from held as h;

    with free as (
        select i.id
        from market_data.moderation_items as i
        join market_data.listings as l on l.id = i.listing_id
        where i.closed_at is null
            and (i.claimed_until is null or i.claimed_until <= v_now)
            and not market.listing_insider(p_actor, l.id)
            -- One expression over both: the planner then expects it to hold for most items.
            and p_actor <> all (array[l.created_by, i.submitted_by])
        order by i.submitted_at, i.id
        limit v_limit - cardinality(v_held)
        for no key update of i skip locked
    )
    select coalesce(array_agg(f.id), '{}') into v_free from free as f;

    update market_data.moderation_items as i
    set claimed_by = p_actor, claimed_until = v_until
    where i.id = any (v_held || v_free);

    return query
    select
        i.id, i.listing_id, i.kind, l.title, i.submitted_at,
        greatest(0, extract(epoch from v_now - i.submitted_at))::integer,
        i.claimed_by, i.claimed_until
    from market_data.moderation_items as i
    join market_data.listings as l on l.id = i.listing_id
    where i.id = any (v_held || v_free)
    order by i.id = any (v_held) desc, i.submitted_at, i.id;
end
$$;

comment on function market.moderation_claim(bigint, integer) is
    'A moderator takes up to this many open items for 15 minutes (setting '
    'moderation.lease_seconds): the held ones are renewed first, then the longest waiting free '
    'ones are taken. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.moderation_claim(bigint, integer) to kardan_api, kardan_bot;
