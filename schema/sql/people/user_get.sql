-- The acting person's own account; a blocked person sees it too, with the block. Locks nothing.
create or replace function people.user_get(p_actor bigint)
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
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);

    return query
    select u.id, u.role, u.display_name, u.language, u.created_at, u.version,
        b.user_id is not null, nullif(b.until, 'infinity'), b.reason,
        (select i.username
         from people_data.identities as i
         where i.user_id = u.id and i.provider = 'telegram'
         order by i.seen_at desc
         limit 1)
    from people_data.users as u
    left join people.blocked as b on b.user_id = u.id
    where u.id = p_actor;
end
$$;

comment on function people.user_get(bigint) is
    'A person''s own account. blocked_until is null when not blocked and when blocked until it is '
    'lifted; blocked_reason and telegram_username may be null. Raises: actor_unknown.';

grant execute on function people.user_get(bigint) to kardan_api, kardan_bot;
