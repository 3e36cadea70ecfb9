-- A step of user_list: whom a text means. Every branch has its index. Without three letters or
-- digits in a row the trigrams say too little of the middle of a name, so its beginning is
-- compared; without any there is nothing to look up. Reads only.
create or replace function people.user_find(p_query text)
returns bigint[]
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_escaped constant text := regexp_replace(p_query, '([\\%_])', '\\\1', 'g');
    v_pattern constant text :=
        case when p_query ~ '[[:alnum:]]{3}' then '%' else '' end || v_escaped || '%';
    v_number constant bigint := case when p_query ~ '^[0-9]{1,18}$' then p_query::bigint end;
begin
    if p_query !~ '[[:alnum:]]' then
        return '{}'::bigint[];
    end if;

    return array(
        select u.id
        from people_data.users as u
        where u.display_name ilike v_pattern
        union
        select i.user_id
        from people_data.identities as i
        where i.username ilike v_pattern
        union
        select i.user_id
        from people_data.identities as i
        where i.provider = 'telegram'
            and i.subject = p_query
        union
        select u.id
        from people_data.users as u
        where u.id = v_number);
end
$$;

comment on function people.user_find(text) is
    'The people whom a text means: a part of the name or username, our number or that of Telegram. '
    'Raises: nothing.';
