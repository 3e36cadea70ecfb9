-- Guarantees: a channel as administrators see it, with its rules side by side: 0 stands for any.
-- Deleted channels are not among them. Not granted.
create or replace view market.channel_rows as
select
    c.id as channel_id, c.chat_id, c.discussion_chat_id, c.title, c.language, c.is_enabled,
    r.category_ids, r.place_ids, r.region_place_ids, c.created_by, c.created_at, c.updated_at,
    c.version
from market_data.channels as c
cross join lateral (
    select
        coalesce(array_agg(coalesce(k.category_id, 0) order by k.id), '{}') as category_ids,
        coalesce(array_agg(coalesce(k.place_id, 0) order by k.id), '{}') as place_ids,
        coalesce(array_agg(coalesce(k.region_place_id, 0) order by k.id), '{}')
            as region_place_ids
    from market_data.channel_rules as k
    where k.channel_id = c.id
) as r
where c.deleted_at is null;

comment on view market.channel_rows is 'Every channel with its rules. Not granted.';
