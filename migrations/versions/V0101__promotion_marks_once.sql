-- A viewer is shown an advertisement once a day, in however many listings: otherwise one person
-- leafing through the market uses up what somebody paid for.

delete from market_data.promotion_marks as m
where exists (
    select
    from market_data.promotion_marks as o
    where o.promotion_id = m.promotion_id
        and o.day = m.day
        and o.is_click = m.is_click
        and o.viewer = m.viewer
        and o.listing_id < m.listing_id);

create unique index promotion_mark_once
    on market_data.promotion_marks (promotion_id, day, is_click, viewer);

comment on table market_data.promotion_marks is
    'Who was shown an advertisement on a day (UTC), and who followed it: once a day and viewer, '
    'with the first listing, not the advertiser''s own people. No foreign keys: whole days are '
    'dropped.';
