-- A step: whoever posts says where: what was written in Telegram comes in by market.message_take.
create or replace function market.message_source_require(p_source text)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if (p_source in ('api', 'web', 'bot')) is not true then
        raise exception using
            errcode = '23514', constraint = 'chat_message_source_known',
            message = 'the source is api, web or bot';
    end if;
end
$$;

comment on function market.message_source_require(text) is
    'Step: a source that a person can write from. Raises: chat_message_source_known.';
