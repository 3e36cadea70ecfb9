-- Guarantees: a message with the name of its author and whether that is one of the people of the
-- listing. Not granted. Whoever reads it bounds sent_at. The joins ask for at most one row each.
create or replace view market.message_rows as
select
    m.id as message_id, m.listing_id, m.sent_at, m.source, m.author_id, m.author_telegram_id,
    coalesce(c.display_name, m.author_name) as author_name,
    coalesce(m.author_id = l.owner_user_id or exists (
        select
        from market_data.shop_members as s
        where s.shop_id = l.owner_shop_id
            and s.user_id = m.author_id), false) as is_seller,
    m.text, m.reply_to, m.state, m.why, m.changed_at, m.changed_by
from market_data.chat_messages as m
join market_data.listings as l on l.id = m.listing_id
left join people.cards as c on c.user_id = m.author_id;

comment on view market.message_rows is 'Every message with its author. Not granted.';
