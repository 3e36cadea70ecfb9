-- A step: a person may write beneath a listing: it is one that anybody may read or their own, and
-- nobody muted them. Blocked people do not come so far. Locks nothing.
create or replace function market.chat_writer_require(p_actor bigint, p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_until timestamptz;
begin
    if not market.chat_readable(p_listing) and not market.listing_insider(p_actor, p_listing) then
        raise exception using
            errcode = 'ZNFND', constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
    v_until := market.chat_muted_until(p_actor, null, p_listing);
    if v_until is not null then
        raise exception using
            errcode = 'ZDENY', constraint = 'chat_muted',
            message = 'a moderator lets this person say nothing here',
            detail = case
                when v_until = 'infinity' then 'until lifted'
                else to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            end;
    end if;
end
$$;

comment on function market.chat_writer_require(bigint, bigint) is
    'Step: lets a person write beneath a listing. Raises: listing_unknown, chat_muted.';
