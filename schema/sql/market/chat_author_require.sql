-- A step: the author of a message may be warned and muted: moderators are not, an administrator
-- takes their role away. Locks nothing.
create or replace function market.chat_author_require(p_author bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if people.actor_has_role(p_author, 'moderator') then
        raise exception using
            errcode = 'ZDENY', constraint = 'moderator_not_muted',
            message = 'a moderator is neither warned nor muted';
    end if;
end
$$;

comment on function market.chat_author_require(bigint) is
    'Step: somebody who may be warned and muted. Raises: moderator_not_muted.';
