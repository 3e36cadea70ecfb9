-- A step: a listing that was just published has a post in every channel that it matches now, and
-- senders are told of the new ones and of those that show something else. A channel where it has
-- been posted keeps its one post, whether or not it matches still. The caller has locked the
-- listing; locks its posts by number. Idempotent by state.
create or replace function market.channel_posts_make(p_listing bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post bigint;
begin
    insert into market_data.channel_posts (listing_id, channel_id, created_at)
    select p_listing, c.id, ops.clock_now()
    from unnest(market.channel_matches(p_listing)) as c (id)
    order by c.id
    on conflict (listing_id, channel_id) do nothing;

    for v_post in
        select p.id
        from market_data.channel_posts as p
        where p.listing_id = p_listing
        order by p.id
        for no key update
    loop
        perform market.channel_post_advance(v_post);
    end loop;
end
$$;

comment on function market.channel_posts_make(bigint) is
    'Step: a published listing is posted where it belongs. Raises: nothing.';
