-- Moderate: a moderator takes what waits longest, reads it and publishes it. Two clients for each
-- ten thousand people at most: there are no more moderators, and two clients that are one of them
-- would decide about the same listing. Run it beside post.sql, or the queue is empty soon.
\set moderator 2 + :client_id % 2 + :client_id / 2 * 10000
select count(r) from market.moderation_queue(
    p_actor => :moderator, p_kind => null, p_limit => 20, p_after => null) as r;
select coalesce(min(r.item_id), 0) as item
from market.moderation_claim(p_actor => :moderator, p_limit => 1) as r \gset
\if :item > 0
select c.version from market.moderation_card(p_actor => :moderator, p_item => :item) as c \gset
select count(r) from market.moderation_hint_list(p_actor => :moderator, p_item => :item) as r;
select r from market.moderation_approve(
    p_actor => :moderator, p_item => :item, p_version => :version) as r;
\endif
