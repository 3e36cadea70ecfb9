-- A step: a right names a person that there is, and a listing that there is or none. Locks nothing.
create or replace function market.chat_right_object_require(p_user bigint, p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from people.cards as c where c.user_id = p_user) then
        raise exception using
            errcode = 'ZNFND', constraint = 'user_unknown',
            message = 'there is no such person';
    end if;
    if p_listing is not null
        and not exists (select from market_data.listings as l where l.id = p_listing)
    then
        raise exception using
            errcode = 'ZNFND', constraint = 'listing_unknown',
            message = 'there is no such listing';
    end if;
end
$$;

comment on function market.chat_right_object_require(bigint, bigint) is
    'Step: the person and the listing of a right are there. Raises: user_unknown, '
    'listing_unknown.';
