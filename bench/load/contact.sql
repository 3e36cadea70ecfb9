-- Contact: somebody without a token asks for the contacts of a seller. Each time somebody else, for
-- one person may ask for few an hour.
\set visitor random(1, 1000000000000)
select l.id as listing
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select r from market.listing_contacts_show(
    p_actor => null, p_visitor => 'pgbench ' || :visitor, p_listing => :listing,
    p_source => 'web') as r;
