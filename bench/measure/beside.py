"""Indexes and partitions of what grows beside the listings; a choice is as in choices.py.

The rows are those of bench/fill_beside.sql; an index on a partitioned table is dropped with those of its partitions.
"""

VALUES = {
    "audited": "select object_id from ops_data.audit where at > now() - interval '60 days' order by md5(object_id) limit 1",
    "buyer": "select buyer_id from market_data.reservations group by 1 order by count(*) desc offset 20 limit 1",
    "reserved": "select listing_id from market_data.reservations group by 1 order by count(*) desc offset 20 limit 1",
    "flagged": "select listing_id from market_data.listing_flags group by 1 order by count(*) desc offset 20 limit 1",
    "flagger": "select user_id from market_data.listing_flags group by 1 order by count(*) desc offset 20 limit 1",
    "item": "select item_id from market_data.moderation_hints order by md5(id::text) limit 1",
    "photo": "select storage_key from market_data.listing_photos order by md5(id::text) limit 1",
    "hash": "select perceptual_hash from market_data.listing_photos where listing_id % 10 = 0 order by md5(id::text) limit 1",
    "told": "select recipient from notify_data.outbox group by 1 order by count(*) desc offset 20 limit 1",
    "waiting": "select recipient from notify_data.queue where state = 'waiting' limit 1",
    "heard": "select user_id from notify_data.events group by 1 order by count(*) desc offset 20 limit 1",
    "searcher": "select user_id from market_data.saved_searches group by 1 order by count(*) desc limit 1",
    "job": "select min(job_name) from ops_data.job_runs",
    "text_hash": "select market_data.listing_text_hash(title, description) from market_data.listings"
                 " where status = 'published' order by md5(id::text) limit 1",
}

INDEXES = (
    ("listings_text_hash_idx",
     "The very text of a listing, whoever wrote it: a hint for moderators. An index of a hash is a tenth of one of texts.",
     "select l.id from market_data.listings as l where market_data.listing_text_hash(l.title, l.description) = {text_hash}"
     " and l.status in ('published', 'reserved')",
     "drop index market_data.listings_text_hash_idx"),
    ("listings_waiting_number_idx",
     "The same part number among what waits or is reserved; what is published has an index of its own.",
     "select l.id from market_data.listings as l where l.part_number_norm = '{number}' and l.part_number_norm <> ''"
     " and l.status in ('pending', 'reserved')",
     "drop index market_data.listings_waiting_number_idx"),
    ("listings_expires_at_idx",
     "What is over by now, every few minutes; partial, because only what is published can end.",
     "select l.id from market_data.listings as l where l.status = 'published' and l.expires_at <= now()"
     " order by l.expires_at, l.id limit 5000",
     "drop index market_data.listings_expires_at_idx"),
    ("listing_photos_hash_idx",
     "Photos that look alike: a hash in overlapping bands, of which two alike have one in common.",
     "select p.listing_id from market_data.listing_photos as p"
     " where market_data.photo_hash_bands(p.perceptual_hash) && market_data.photo_hash_bands({hash})"
     " and p.perceptual_hash is not null",
     "drop index market_data.listing_photos_hash_idx"),
    ("listing_photos_storage_key_idx",
     "Does any listing show this file? Asked of every file before it is deleted.",
     "select from market_data.listing_photos as p where p.storage_key = '{photo}' limit 1",
     "drop index market_data.listing_photos_storage_key_idx"),
    ("listing_flags_listing_id_idx", "What people said about a listing.",
     "select f.id from market_data.listing_flags as f where f.listing_id = {flagged} order by f.id desc limit 20",
     "drop index market_data.listing_flags_listing_id_idx, market_data.listing_flag_open_unique"),
    ("listing_flags_user_id_idx", "How many a person has said today.",
     "select f.created_at from market_data.listing_flags as f where f.user_id = {flagger}"
     " and f.created_at > now() - interval '24 hours' order by f.created_at desc limit 20",
     "drop index market_data.listing_flags_user_id_idx"),
    ("listing_flags_open_idx", "What nobody has decided yet; partial, because decided ones stay for ever.",
     "select f.id from market_data.listing_flags as f where f.closed_at is null order by f.id desc limit 20",
     "drop index market_data.listing_flags_open_idx, market_data.listing_flag_open_unique"),
    ("moderation_items_listing_id_idx", "The checks that a listing had.",
     "select i.id from market_data.moderation_items as i where i.listing_id = {listing} order by i.id desc limit 1",
     "drop index market_data.moderation_items_listing_id_idx"),
    ("moderation_items_closed_at_idx", "What was decided in a time.",
     "select count(*), avg(i.closed_at - i.submitted_at) from market_data.moderation_items as i"
     " where i.closed_at >= now() - interval '1 day' and i.closed_at < now()",
     "drop index market_data.moderation_items_closed_at_idx"),
    ("moderation_hints_item_id_idx", "The hints of a check.",
     "select h.kind, h.excerpt from market_data.moderation_hints as h where h.item_id = {item} order by h.id",
     "drop index market_data.moderation_hints_item_id_idx"),
    ("reservations_buyer_id_idx", "What a buyer has reserved, the latest first.",
     "select r.id from market_data.reservations as r where r.buyer_id = {buyer} order by r.id desc limit 20",
     "drop index market_data.reservations_buyer_id_idx"),
    ("reservations_listing_id_idx", "Who has reserved a listing.",
     "select r.id from market_data.reservations as r where r.listing_id = {reserved} order by r.id desc limit 20",
     "drop index market_data.reservations_listing_id_idx"),
    ("reservations_held_idx",
     "Is anything held still? Asked of each listing that ends; a listing with a long history has few rows in it.",
     "select from market_data.reservations as r where r.listing_id = {reserved} and r.state = 'held' limit 1",
     "drop index market_data.reservations_held_idx, market_data.reservations_listing_id_idx"),
    ("saved_searches_user_id_idx", "The saved searches of a person.",
     "select s.id, s.name from market_data.saved_searches as s where s.user_id = {searcher} order by s.id",
     "drop index market_data.saved_searches_user_id_idx"),
    ("search_alerts_user_id_id_idx", "What the saved searches of a person have found, the latest first.",
     "select a.listing_id from market_data.search_alerts as a where a.user_id = {searcher} order by a.id desc limit 20",
     "drop index market_data.search_alerts_user_id_id_idx"),
    ("search_alerts_due_at_idx", "What is to be told by now; partial, because told ones stay.",
     "select a.id from market_data.search_alerts as a where a.told_at is null and a.due_at <= now()"
     " order by a.due_at, a.saved_search_id, a.id limit 100",
     "drop index market_data.search_alerts_due_at_idx"),
    ("identities_username_trgm_idx", "Administrators find people by a part of their name at Telegram.",
     "select i.user_id from people_data.identities as i where i.username ilike '%f7a1%' limit 20",
     "drop index people_data.identities_username_trgm_idx"),
    ("users_role_id_idx", "Moderators and administrators; partial, because nearly everybody is neither.",
     "select u.id from people_data.users as u where u.role = 'moderator' and u.role <> 'user' order by u.id desc limit 20",
     "drop index people_data.users_role_id_idx"),
    ("tokens_user_id_idx", "The sessions of a person.",
     "select t.id from people_data.tokens as t where t.user_id = {seller} and t.revoked_at is null order by t.id desc limit 20",
     "drop index people_data.tokens_user_id_idx"),
    ("tokens_ended_at_idx", "What ended long enough ago to be forgotten: by time or by hand, whichever came first.",
     "select t.id from people_data.tokens as t where least(t.expires_at, t.revoked_at) <= now() - interval '30 days'"
     " order by least(t.expires_at, t.revoked_at) limit 1000",
     "drop index people_data.tokens_ended_at_idx"),
    ("sign_ins_used_at_idx", "Proofs of sign-in that nobody can use again.",
     "select s.user_id from people_data.sign_ins as s where s.used_at <= now() - interval '69 hours'"
     " order by s.used_at limit 1000",
     "drop index people_data.sign_ins_used_at_idx"),
    ("idempotency_keys_created_at_idx", "Answers that are kept for a day.",
     "select k.key from ops_data.idempotency_keys as k where k.created_at <= now() - interval '29 hours'"
     " order by k.created_at limit 1000",
     "drop index ops_data.idempotency_keys_created_at_idx"),
    ("job_runs_job_name_started_at_idx", "When a job ran last.",
     "select r.started_at from ops_data.job_runs as r where r.job_name = '{job}' order by r.started_at desc limit 1",
     "drop index ops_data.job_runs_job_name_started_at_idx"),
    ("queue_due_idx", "What may be sent now, a lane at a time.",
     "select q.id from notify_data.queue as q where q.lane = (select k.lane from notify_data.kinds as k"
     " where k.kind = 'listing.approved') and q.due_at <= now() order by q.due_at, q.event_at, q.id limit 100",
     "drop index notify_data.queue_due_idx"),
    ("queue_recipient_idx", "What must be sent to a person before this: in order, one at a time.",
     "select q.id from notify_data.queue as q where q.recipient = {waiting} order by q.lane, q.event_at, q.id limit 1",
     "drop index notify_data.queue_recipient_idx"),
    ("queue_dead_idx", "Dead letters, for administrators.",
     "select q.id from notify_data.queue as q where q.state = 'dead' order by q.event_at, q.id limit 20",
     "drop index notify_data.queue_dead_idx"),
)

PARTITIONS = (
    ("outbox_once: the feed of a person",
     "Unique, so that what happened is told once; its order is also that of the feed. The time bounds the weeks.",
     "select o.id from notify_data.outbox as o where o.recipient = {told} and o.event_at > now() - interval '30 days'"
     " order by o.event_at desc limit 20",
     "drop index notify_data.outbox_once"),
    ("events_user_id_written_by_idx",
     "What a listener has not heard yet, by the transaction that wrote it, among the days that are kept."
     " `events_shop_id_written_by_idx` does the same for shops.",
     "select e.id from notify_data.events as e where e.user_id = {heard} and e.at > now() - interval '1 day'"
     " order by e.written_by, e.id limit 100",
     "drop index notify_data.events_user_id_written_by_idx"),
    ("audit_object_type_object_id_at_idx",
     "What was done to a thing in ninety days.",
     "select a.action from ops_data.audit as a where a.object_type = 'listing' and a.object_id = '{audited}'"
     " and a.at > now() - interval '90 days' order by a.at desc, a.id desc limit 20",
     "drop index ops_data.audit_object_type_object_id_at_idx"),
    ("search_misses_at_query_idx",
     "What was not found within an hour: the texts are in the index, the table is not read.",
     "select count(*), count(distinct m.query) from market_data.search_misses as m"
     " where m.at > now() - interval '1 hour' and m.at <= now()",
     "drop index market_data.search_misses_at_query_idx"),
    ("query_history by month",
     "An hour of now beside the same hour a week ago: two months at most, by their keys.",
     "select count(*) from ops_data.query_history as n join ops_data.query_history as b on b.queryid = n.queryid"
     " and b.at = date_trunc('hour', now()) - interval '8 days' where n.at = date_trunc('hour', now()) - interval '1 day'",
     "set local enable_partition_pruning = off; set local enable_indexscan = off; set local enable_bitmapscan = off;"
     " set local enable_indexonlyscan = off"),
)
