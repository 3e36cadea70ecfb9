-- Guarantees: who somebody is whom the bot hears of without being written to, such as in a group:
-- no account is made, and nothing is noted of them. Reads only.
create or replace function people.telegram_user_get(p_telegram_id bigint)
returns table (
    user_id bigint,
    language text,
    role text,
    is_reachable boolean
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select u.id, u.language, u.role, i.unreachable_at is null
    from people_data.identities as i
    join people_data.users as u on u.id = i.user_id
    where i.provider = 'telegram'
        and i.subject = p_telegram_id::text;
end
$$;

comment on function people.telegram_user_get(bigint) is
    'The account behind somebody in Telegram; no row when there is none. is_reachable: as far as '
    'is known, the bot may write to them. Raises: nothing.';

grant execute on function people.telegram_user_get(bigint) to kardan_bot;
