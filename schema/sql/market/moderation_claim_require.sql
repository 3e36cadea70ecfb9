-- A step: lets a moderator pass whose claim on the item is live, when the item is still open and
-- the listing is the one that was read. The caller holds the locks of
-- market.moderation_item_lock, so what is seen here stays so.
create or replace function market.moderation_claim_require(
    p_actor bigint,
    p_item bigint,
    p_version integer
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_decision text;
    v_is_claimed boolean;
    v_version integer;
begin
    select i.decision, i.claimed_by = p_actor and i.claimed_until > v_now, l.version
    into v_decision, v_is_claimed, v_version
    from market_data.moderation_items as i
    join market_data.listings as l on l.id = i.listing_id
    where i.id = p_item;

    if v_decision is not null then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'moderation_decided',
            message = 'the item was closed already',
            detail = v_decision;
    end if;
    if v_is_claimed is not true then
        raise exception using
            errcode = 'ZCONF',
            constraint = 'claim_required',
            message = 'the claim is not the acting moderator''s, or it ran out: claim again';
    end if;
    perform market.listing_version_require(p_version, v_version);
end
$$;

comment on function market.moderation_claim_require(bigint, bigint, integer) is
    'Step: lets the moderator pass who holds the live claim on an open item; version null: not '
    'looked at. Raises: moderation_decided, claim_required, version_stale.';
