-- A step of market.channels_advance: the posts of the next thousand listings of a seller, whose
-- block began or ended, are due. Tells whether there is more to do. Locks one row of the waiting
-- list and the posts, waiting for neither: when another session holds one of the posts, the next
-- run takes the same thousand again.
create or replace function market.channel_sellers_advance()
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_seller record;
    v_listings bigint[];
    v_posts bigint[];
begin
    select s.user_id, s.due_at, s.listing_until into v_seller
    from market_data.channel_sellers as s
    where s.due_at <= v_now
    order by s.due_at, s.user_id
    limit 1
    for no key update skip locked;
    if not found then
        return false;
    end if;

    v_listings := array(
        select l.id
        from market_data.listings as l
        where l.owner_user_id = v_seller.user_id
            and l.id > v_seller.listing_until
        order by l.id
        limit 1000);
    v_posts := array(
        select p.id
        from market_data.channel_posts as p
        where p.listing_id = any (v_listings)
        for no key update skip locked);
    update market_data.channel_posts as p
    set due_at = v_now
    where p.id = any (v_posts);
    if exists (
        select
        from market_data.channel_posts as p
        where p.listing_id = any (v_listings)
            and p.id <> all (v_posts)
    ) then
        return false;
    end if;

    delete from market_data.channel_sellers as s
    where (s.user_id, s.due_at) = (v_seller.user_id, v_seller.due_at)
        and cardinality(v_listings) < 1000;
    update market_data.channel_sellers as s
    set listing_until = v_listings[1000]
    where (s.user_id, s.due_at) = (v_seller.user_id, v_seller.due_at);
    return true;
end
$$;

comment on function market.channel_sellers_advance() is
    'Step: looks at the next posts of a seller who was blocked or unblocked; false when there is '
    'nothing more to do now. Raises: nothing.';
