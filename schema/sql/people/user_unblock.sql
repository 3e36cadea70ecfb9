-- Lifts the block of a person, if there is one; the history keeps it. Locks the person's row, as
-- user_block does. Idempotent by state: a person who is not blocked stays so, and nothing is
-- recorded.
create or replace function people.user_unblock(
    p_actor bigint,
    p_user bigint,
    p_note text
)
returns table (user_id bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    perform people.actor_require(p_actor, 'admin');

    perform u.id from people_data.users as u where u.id = p_user for no key update;
    if not found then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'user_unknown',
            message = 'there is no such person';
    end if;

    update people_data.bans as b
    set lifted_at = v_now, lifted_by = p_actor, lift_note = p_note
    where b.user_id = p_user
        and b.lifted_at is null
        and b.until > v_now;
    if found then
        perform market.seller_posts_follow(p_user, array[v_now]);
        perform ops.audit_write(
            p_actor, 'user.unblock', 'user', p_user::text, jsonb_build_object('note', p_note));
    end if;

    return query select p_user;
end
$$;

comment on function people.user_unblock(bigint, bigint, text) is
    'An administrator lifts the block of a person; the note may be null. '
    'Raises: actor_unknown, actor_blocked, role_required, user_unknown, ban_lift_note_length.';

grant execute on function people.user_unblock(bigint, bigint, text) to kardan_api, kardan_bot;
