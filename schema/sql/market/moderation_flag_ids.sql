-- A step: the numbers of one page of flags, the newest first. Each way of asking is a statement of
-- its own with an index of its own: of one listing, of all that nobody decided on, of all. Locks
-- nothing.
create or replace function market.moderation_flag_ids(
    p_listing bigint,
    p_is_open boolean,
    p_limit integer,
    p_after bigint
)
returns setof bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_listing is not null then
        return query
        select f.id
        from market_data.listing_flags as f
        where f.listing_id = p_listing
            and (p_is_open is not true or f.closed_at is null)
            and f.id < p_after
        order by f.id desc
        limit p_limit;
    elsif p_is_open then
        return query
        select f.id
        from market_data.listing_flags as f
        where f.closed_at is null
            and f.id < p_after
        order by f.id desc
        limit p_limit;
    else
        return query
        select f.id
        from market_data.listing_flags as f
        where f.id < p_after
        order by f.id desc
        limit p_limit;
    end if;
end
$$;

comment on function market.moderation_flag_ids(bigint, boolean, integer, bigint) is
    'Step: the flags of one page, by number. Raises: nothing.';
