-- A step: lets a message pass that was found. Reads nothing.
create or replace function market.message_require(p_found boolean)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_found then
        raise exception using
            errcode = 'ZNFND', constraint = 'message_unknown',
            message = 'there is no such message';
    end if;
end
$$;

comment on function market.message_require(boolean) is
    'Step: lets a message pass that is there. Raises: message_unknown.';
