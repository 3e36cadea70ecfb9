-- Changes the acting person's name or language; null leaves as it is. Locks the person's row.
-- Idempotent by state: asking for what already is changes nothing, whatever version is given.
create or replace function people.user_update(
    p_actor bigint,
    p_display_name text,
    p_language text,
    p_version integer
)
returns table (
    user_id bigint,
    role text,
    display_name text,
    language text,
    created_at timestamptz,
    version integer,
    is_blocked boolean,
    blocked_until timestamptz,
    blocked_reason text,
    telegram_username text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    -- A name without anything to see is not "unchanged": the table refuses the empty one.
    v_asked constant text :=
        case
            when p_display_name is not null then coalesce(people.name_clean(p_display_name), '')
        end;
    v_name text;
    v_language text;
    v_is_same boolean;
    v_version integer;
begin
    perform people.actor_require(p_actor, 'user');

    select coalesce(v_asked, u.display_name), coalesce(p_language, u.language), u.version,
        coalesce(v_asked = u.display_name, true) and coalesce(p_language = u.language, true)
    into v_name, v_language, v_version, v_is_same
    from people_data.users as u
    where u.id = p_actor
    for no key update;

    if not v_is_same then
        if v_version <> p_version then
            raise exception using
                errcode = 'ZSTAL',
                constraint = 'version_stale',
                message = format('the account is at version %s', v_version),
                detail = v_version::text;
        end if;
        update people_data.users as u
        set display_name = v_name, language = v_language, updated_at = v_now
        where u.id = p_actor;
    end if;

    return query
    select g.user_id, g.role, g.display_name, g.language, g.created_at, g.version,
        g.is_blocked, g.blocked_until, g.blocked_reason, g.telegram_username
    from people.user_get(p_actor) as g;
end
$$;

comment on function people.user_update(bigint, text, text, integer) is
    'A person changes their name or language; a null argument leaves as it is, a null version is '
    'not compared. The row is that of user_get. Raises: actor_unknown, actor_blocked, '
    'version_stale, user_name_length, user_language_known.';

grant execute on function people.user_update(bigint, text, text, integer) to kardan_api, kardan_bot;
