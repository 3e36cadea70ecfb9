-- Favourite: a person keeps a listing, looks at what they have kept, and drops it again.
select u.id as person
from people_data.users as u
where u.role = 'user'
    and not exists (select from people.blocked as b where b.user_id = u.id)
    and u.id >= (select (random() * 0.9 * max(k.id))::bigint from people_data.users as k)
order by u.id
limit 1 \gset
select l.id as listing
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select r from market.favourite_add(p_actor => :person, p_listing => :listing) as r;
select count(r) from market.favourite_list(
    p_actor => :person, p_limit => 20, p_after_at => null, p_after_listing => null) as r;
select market.favourite_remove(p_actor => :person, p_listing => :listing);
