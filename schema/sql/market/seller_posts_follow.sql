-- A step: at each of these times the posts of a person's listings are looked at, however many there
-- are: a job goes through them. Locks nothing. Repeated it begins anew.
create or replace function market.seller_posts_follow(p_user bigint, p_times timestamptz[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into market_data.channel_sellers (user_id, due_at)
    select distinct p_user, t.at
    from unnest(p_times) as t (at)
    where t.at < 'infinity'
    on conflict (user_id, due_at) do update
    set listing_until = 0;
end
$$;

comment on function market.seller_posts_follow(bigint, timestamptz[]) is
    'Step: the posts of a seller are looked at when these times have come. Raises: nothing.';
