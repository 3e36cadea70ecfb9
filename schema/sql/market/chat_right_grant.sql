-- Guarantees: the person may delete messages of others beneath this listing, or everywhere, until
-- then. Granted again, only the time is another one. Audited. Locks the right. Idempotent by state.
create or replace function market.chat_right_grant(
    p_actor bigint,
    p_user bigint,
    p_listing bigint,
    p_until timestamptz
)
returns table (
    right_id bigint,
    user_id bigint,
    listing_id bigint,
    until timestamptz,
    granted_by bigint,
    granted_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
-- Where an arbiter of a conflict is named, no variable is meant.
#variable_conflict use_column
declare
    v_now constant timestamptz := ops.clock_now();
    v_until constant timestamptz := coalesce(p_until, 'infinity');
begin
    perform people.actor_require(p_actor, 'admin');
    perform market.chat_right_object_require(p_user, p_listing);

    insert into market_data.chat_rights as r (user_id, listing_id, until, granted_by, granted_at)
    values (p_user, p_listing, v_until, p_actor, v_now)
    on conflict (user_id, listing_id) where revoked_at is null do update
    set until = excluded.until, granted_by = excluded.granted_by, granted_at = excluded.granted_at
    where r.until <> excluded.until;
    if found then
        perform ops.audit_write(
            p_actor, 'chat.right_grant', 'user', p_user::text,
            jsonb_build_object('listing_id', p_listing, 'until', v_until));
    end if;

    return query
    select r.id, r.user_id, r.listing_id, nullif(r.until, 'infinity'), r.granted_by, r.granted_at
    from market_data.chat_rights as r
    where r.user_id = p_user
        and r.listing_id is not distinct from p_listing
        and r.revoked_at is null;
end
$$;

comment on function market.chat_right_grant(bigint, bigint, bigint, timestamptz) is
    'An administrator lets a person delete messages of others: listing null: everywhere; until '
    'null: until revoked. Raises: actor_unknown, actor_blocked, role_required, user_unknown, '
    'listing_unknown, chat_right_until_is_later.';

grant execute on function market.chat_right_grant(bigint, bigint, bigint, timestamptz)
    to kardan_api, kardan_bot;
