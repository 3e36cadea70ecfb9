-- Every review as its two sides and moderators see it. Not granted: the functions that read it
-- decide for whom. What a shop's member wrote is the shop's. The joins ask for at most one row
-- each.
create or replace view market.review_inside as
select
    r.id as review_id,
    r.deal_id,
    r.direction,
    case when r.subject > 0 then r.subject end as subject_user_id,
    case when r.subject < 0 then -r.subject end as subject_shop_id,
    r.author_id,
    coalesce(s.name, c.display_name) as author_name,
    r.stars,
    r.text,
    r.created_at,
    r.updated_at,
    r.answer,
    r.answered_at,
    r.hidden_at,
    r.hidden_reason,
    r.subject
from market_data.reviews as r
join people.cards as c on c.user_id = r.author_id
left join market_data.shops as s
    on r.direction = 'of_buyer'
    and s.id = -r.seller_key;

comment on view market.review_inside is 'The inside of every review. Not granted.';
