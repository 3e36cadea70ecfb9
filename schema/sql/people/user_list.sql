-- People for moderators, the newest first. The statement that finds the page is built of the
-- filters
-- that are given, so that each has its index: text by the trigrams of names and usernames, roles
-- and blocks by their own indexes. Locks nothing.
create or replace function people.user_list(
    p_actor bigint,
    p_query text,
    p_role text,
    p_blocked boolean,
    p_limit integer,
    p_after bigint
)
returns table (
    user_id bigint,
    display_name text,
    role text,
    created_at timestamptz,
    is_blocked boolean,
    blocked_until timestamptz,
    telegram_username text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_query constant text := nullif(ltrim(left(people.name_clean(p_query), 128), '@ '), '');
    v_limit constant integer := least(greatest(coalesce(p_limit, 20), 1), 100);
    v_found bigint[];
    v_page bigint[];
begin
    perform people.actor_require(p_actor, 'moderator');

    if v_query is not null then
        v_found := people.user_find(v_query);
    end if;

    execute
        'select array(
            select u.id
            from people_data.users as u
            left join people.blocked as b on b.user_id = u.id
            where true'
        || case when p_after is not null then ' and u.id < $1' else '' end
        || case when p_role is not null then ' and u.role = $2' else '' end
        || case p_blocked
            when true then ' and b.user_id is not null'
            when false then ' and b.user_id is null'
            else ''
        end
        || case when v_query is not null then ' and u.id = any ($3)' else '' end
        || ' order by u.id desc limit $4)'
    into v_page
    using p_after, p_role, v_found, v_limit;

    return query
    select u.id, u.display_name, u.role, u.created_at,
        b.user_id is not null, nullif(b.until, 'infinity'),
        (select i.username
         from people_data.identities as i
         where i.user_id = u.id and i.provider = 'telegram'
         order by i.seen_at desc
         limit 1)
    from people_data.users as u
    left join people.blocked as b on b.user_id = u.id
    where u.id = any (v_page)
    order by u.id desc;
end
$$;

comment on function people.user_list(bigint, text, text, boolean, integer, bigint) is
    'People, newest first, by text (a part of the name or username; from one or two letters, its '
    'beginning; or a number of ours or of Telegram), role and block. blocked_until and '
    'telegram_username may be null. Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function people.user_list(bigint, text, text, boolean, integer, bigint)
to kardan_api, kardan_bot;
