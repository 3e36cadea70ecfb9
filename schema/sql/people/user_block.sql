-- Blocks a person until a time, or until lifted. Locks the person's row, so two administrators do
-- not meet. Repeating it replaces the present block: the former one is lifted by the same act, and
-- stays in the history. One whose time ran out before is closed as of then, by nobody.
create or replace function people.user_block(
    p_actor bigint,
    p_user bigint,
    p_until timestamptz,
    p_reason text
)
returns table (
    user_id bigint,
    until timestamptz,
    reason text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_until constant timestamptz := coalesce(p_until, 'infinity');
    v_role text;
begin
    perform people.actor_require(p_actor, 'admin');

    select u.role into v_role
    from people_data.users as u
    where u.id = p_user
    for no key update;

    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;
    if v_role = 'admin' then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'admin_not_blockable',
            message = 'an administrator is not blocked: take the role away first';
    end if;

    update people_data.bans as b
    set lifted_at = least(b.until, v_now), lifted_by = case when b.until > v_now then p_actor end
    where b.user_id = p_user
        and b.lifted_at is null;

    insert into people_data.bans (user_id, reason, until, created_by, created_at)
    values (p_user, p_reason, v_until, p_actor, v_now);
    perform market.seller_posts_follow(p_user, array[v_now, v_until]);

    perform ops.audit_write(
        p_actor, 'user.block', 'user', p_user::text,
        jsonb_build_object('until', v_until, 'reason', p_reason));

    return query select p_user, nullif(v_until, 'infinity'), p_reason;
end
$$;

comment on function people.user_block(bigint, bigint, timestamptz, text) is
    'An administrator blocks a person: no posting, no orders, listings out of sight. Without a '
    'time: until lifted. Raises: actor_unknown, actor_blocked, role_required, user_unknown, '
    'admin_not_blockable, ban_reason_length, ban_until_is_later.';

grant execute on function people.user_block(bigint, bigint, timestamptz, text)
to kardan_api, kardan_bot;
