-- Guarantees: the acting moderator does not hold the item; somebody else's claim stays
-- untouched. Locks the item only. Idempotent by state.
create or replace function market.moderation_release(p_actor bigint, p_item bigint)
returns table (
    item_id bigint,
    released boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    update market_data.moderation_items as i
    set claimed_by = null, claimed_until = null
    where i.id = p_item
        and i.closed_at is null
        and i.claimed_by = p_actor;

    if found then
        return query select p_item, true;
        return;
    end if;
    if not exists (select from market_data.moderation_items as i where i.id = p_item) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'moderation_item_unknown',
            message = 'there is no such item in moderation';
    end if;
    return query select p_item, false;
end
$$;

comment on function market.moderation_release(bigint, bigint) is
    'A moderator gives a claimed item back to the queue; released is false when they did not hold '
    'it. Raises: actor_unknown, actor_blocked, role_required, moderation_item_unknown.';

grant execute on function market.moderation_release(bigint, bigint) to kardan_api, kardan_bot;
