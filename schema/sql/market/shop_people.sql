-- Who belongs to which shop. The one place where other domains read it. Not granted.
create or replace view market.shop_people as
select m.user_id, m.shop_id
from market_data.shop_members as m;

comment on view market.shop_people is 'Members of shops. Not granted.';
