-- Post: a person offers a thing like one that is there and asks for it to be checked.
select u.id as person
from people_data.users as u
where u.role = 'user'
    and not exists (select from people.blocked as b where b.user_id = u.id)
    and u.id >= (select (random() * 0.9 * max(k.id))::bigint from people_data.users as k)
order by u.id
limit 1 \gset
select l.id as model
from market_data.listings as l
where l.status = 'published'
    and l.expires_at > ops.clock_now()
    and not exists (select from people.blocked as b where b.user_id = l.owner_user_id)
    and l.id >= (select (random() * 0.9 * max(k.id))::bigint from market_data.listings as k)
order by l.id
limit 1 \gset
select c.listing_id as made, c.version
from market_data.listings as l
cross join lateral market.listing_create(
    p_actor => :person, p_shop => null, p_kind => l.kind, p_title => l.title, p_description => '',
    p_category => l.category_id, p_subcategory => l.subcategory_id, p_brand => l.brand_id,
    p_part_number => l.part_number, p_condition => l.condition, p_place => l.place_id,
    p_attributes => l.attributes, p_currency => l.currency, p_price_minor => l.price_minor,
    p_wholesale_price_minor => null, p_wholesale_min_quantity => null, p_stock_quantity => 3,
    p_contact_name => 'Продавец', p_contact_phone => '+79000000000',
    p_contact_telegram => '') as c
where l.id = :model \gset
select r from market.listing_submit(
    p_actor => :person, p_listing => :made, p_version => :version) as r;
select count(r) from market.listing_list_mine(
    p_actor => :person, p_status => null, p_limit => 20, p_after => null) as r;
