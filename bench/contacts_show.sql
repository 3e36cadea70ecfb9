\set person random(1, 200000)
\set listing random(100000000, 100049999)
select r from market.listing_contacts_show(:person, null, :listing, 'web') as r;
