-- A step: lets a broadcast pass that was found and is in one of these states. Reads nothing.
create or replace function notify.broadcast_require(
    p_found boolean,
    p_state text,
    p_states text[]
)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_found then
        raise exception using
            errcode = 'ZNFND', constraint = 'broadcast_unknown',
            message = 'there is no such broadcast';
    end if;
    if p_state <> all (p_states) then
        raise exception using
            errcode = 'ZCONF', constraint = 'broadcast_move_refused',
            message = format('the broadcast is %s', p_state), detail = p_state;
    end if;
end
$$;

comment on function notify.broadcast_require(boolean, text, text[]) is
    'Lets a broadcast pass that is there and in one of these states. Raises: broadcast_unknown, '
    'broadcast_move_refused.';
