-- A step: the chat of a listing is on or off, or as the setting chat.is_on says (null). What is
-- said while it is off is stored and hidden, and stays hidden when it is on again; what was said
-- before stays. Audited. Locks the chat. Idempotent by state.
create or replace function market.chat_set(
    p_actor bigint,
    p_listing bigint,
    p_is_on boolean,
    p_is_moderator boolean
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.chat_lock(p_listing);
    if p_is_on is distinct from false and not p_is_moderator and exists (
        select
        from market_data.chats as c
        where c.listing_id = p_listing
            and c.is_off_by_moderator
    ) then
        raise exception using
            errcode = 'ZDENY', constraint = 'chat_off_by_moderator',
            message = 'a moderator switched it off, and only a moderator switches it on';
    end if;

    update market_data.chats as c
    set is_on = p_is_on, switched_by = p_actor,
        is_off_by_moderator = p_is_on is false and (p_is_moderator or c.is_off_by_moderator)
    where c.listing_id = p_listing
        and (c.is_on, c.is_off_by_moderator) is distinct from
            (p_is_on, p_is_on is false and (p_is_moderator or c.is_off_by_moderator));
    if found then
        perform ops.audit_write(
            p_actor, 'chat.switch', 'listing', p_listing::text,
            jsonb_build_object('is_on', p_is_on));
    end if;
end
$$;

comment on function market.chat_set(bigint, bigint, boolean, boolean) is
    'Step: switches a chat on or off. Raises: chat_off_by_moderator.';
