-- A step: everything of a person in the market, but for what they count for. The caller has looked
-- for obstacles and locked everything, and says that it erases. Idempotent. Gives the listings that
-- were theirs, and the people who may have been told of them.
create or replace function market.person_forget(
    p_actor bigint,
    p_user bigint,
    out listings bigint[],
    out told bigint[],
    out deals uuid[],
    out objects jsonb
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_alone constant bigint[] := market.shops_alone(p_user);
begin
    listings := market.listings_of(p_user);
    deals := array(
        select d.id
        from market_data.deals as d
        where d.buyer_id = p_user or d.listing_id = any (listings));
    told := array(
        select d.buyer_id from market_data.deals as d where d.listing_id = any (listings)
        union
        select d.seller_user_id from market_data.deals as d
        where d.buyer_id = p_user and d.seller_user_id is not null
        union
        select m.user_id
        from market_data.deals as d
        join market_data.shop_members as m on m.shop_id = d.seller_shop_id
        where d.buyer_id = p_user
        union
        select f.user_id from market_data.favourites as f where f.listing_id = any (listings)
        union
        select k.user_id from market_data.contact_people as k where k.listing_id = any (listings)
        union
        select a.user_id from market_data.search_alerts as a where a.listing_id = any (listings));
    objects := jsonb_build_object(
        'listing', listings, 'shop', v_alone, 'deal', deals,
        'review', array(select r.id from market_data.reviews as r where r.author_id = p_user));

    perform market.listings_close(p_actor, p_user);
    perform market.listings_forget(listings);
    perform market.reviews_forget(p_user);
    perform market.wishes_forget(p_user);
    perform market.chat_forget(p_actor, p_user);
    perform market.shops_forget(p_user, v_alone);
end
$$;

comment on function market.person_forget(bigint, bigint) is
    'Step: erases a person from the market; tells their listings, their deals, who may have '
    'been told of them, and all that the audit may speak of. Raises: nothing.';
