"""Indexes and partitions, each with the query it is for: what the pages of docs/database.md are made of.

A choice is (heading, why, query, what takes it away). Names in braces are values of the market that `values` draws.
"""

VALUES = {
    "listing": "select id from market_data.listings where status = 'published' order by md5(id::text) limit 1",
    "owner": "select owner_user_id from market_data.listings where owner_user_id is not null"
             " group by 1 order by count(*) desc offset 20 limit 1",
    "shop": "select owner_shop_id from market_data.listings where owner_shop_id is not null"
            " group by 1 order by count(*) desc offset 20 limit 1",
    "number": "select part_number_norm from market_data.listings where status = 'published' and part_number_norm <> ''"
              " group by 1 order by count(*) desc offset 500 limit 1",
    "category": "select category_id from market_data.listings group by 1 order by count(*) desc offset 3 limit 1",
    "brand": "select brand_id from market_data.listings where brand_id is not null"
             " group by 1 order by count(*) desc offset 30 limit 1",
    "generation": "select generation_id from market_data.listing_fitments group by 1 order by count(*) desc offset 30 limit 1",
    "seller": "select owner_user_id from market_data.listings where owner_user_id is not null order by md5(id::text) limit 1",
    "user": "select id from people_data.users order by md5(id::text) limit 1",
}

ENTRIES = "market_data.search_entries as e"

INDEXES = (
    ("search_entries_terms_idx: rare words",
     "Words, filters and time in one index. Two words that few listings have together.",
     f"select e.listing_id from {ENTRIES} where e.terms @@ '''турбин'' & ''=b:{{brand}}''' order by e.published_at desc limit 300",
     "drop index market_data.search_entries_terms_idx"),
    ("search_entries_terms_idx: a part number",
     "A part number is a lexeme like any other; so is each of its analogues.",
     f"select e.listing_id, e.price_minor from {ENTRIES} where e.terms @@ '''=#{{number}}'''",
     "drop index market_data.search_entries_terms_idx"),
    ("search_entries_published_at_listing_id_idx",
     "What is common is met on a walk back in time, and the front page is such a walk.",
     f"select e.listing_id from {ENTRIES} where e.terms @@ '''=c:{{category}}''' order by e.published_at desc, e.listing_id desc limit 20",
     "drop index market_data.search_entries_published_at_listing_id_idx"),
    ("search_entries_currency_price_minor_listing_id_idx",
     "The order of prices, both ways.",
     f"select e.listing_id from {ENTRIES} where e.currency = 'RUB' order by e.price_minor, e.listing_id limit 20",
     "drop index market_data.search_entries_currency_price_minor_listing_id_idx"),
    ("search_words_word_trgm_idx",
     "Words that look like a misspelt one are looked for among words, and not among titles.",
     "select k.word from market_data.search_words as k where k.word operator(extensions.%) 'амартизатор'"
     " order by extensions.similarity(k.word, 'амартизатор') desc limit 5",
     "drop index market_data.search_words_word_trgm_idx"),
    ("search_words_word_idx",
     "Completion: words that begin so. `text_pattern_ops`, so that it also holds outside of the locale C.",
     "select k.word from market_data.search_words as k where k.word like 'ам%' order by k.listings desc limit 10",
     "drop index market_data.search_words_word_idx"),
    ("saved_searches_anchors_idx",
     "A listing is compared with the searches of its own lexemes, and not with all of them (100 000 in this run).",
     "select count(*) from market_data.search_entries as e join market_data.saved_searches as s"
     " on s.anchors && (tsvector_to_array(e.terms) || '='::text) and s.frequency <> 'never' where e.listing_id = {listing} and e.terms @@ s.terms",
     "drop index market_data.saved_searches_anchors_idx"),
    ("listings_owner_user_id_idx",
     "My listings, the latest first.",
     "select l.id, l.title from market_data.listings as l where l.owner_user_id = {owner} order by l.id desc limit 20",
     "drop index market_data.listings_owner_user_id_idx"),
    ("listings_owner_shop_id_idx",
     "The goods of a shop.",
     "select l.id, l.title from market_data.listings as l where l.owner_shop_id = {shop} order by l.id desc limit 20",
     "drop index market_data.listings_owner_shop_id_idx"),
    ("listings_part_number_idx",
     "Other listings of the same number: suggestions and duplicates. Partial: what is not for sale suggests nothing.",
     "select l.id from market_data.listings as l where l.part_number_norm = '{number}' and l.status = 'published' and l.part_number_norm <> ''",
     "drop index market_data.listings_part_number_idx"),
    ("listings_brand_id_idx",
     "One for each foreign key (a test demands it): whoever deletes or renumbers a brand asks whether listings have it."
     " The query is the one that the constraint runs.",
     "select from market_data.listings as l where l.brand_id = {brand} for key share limit 1000",
     "drop index market_data.listings_brand_id_idx"),
    ("listing_fitments_generation_id_idx",
     "What fits a vehicle.",
     "select count(*) from market_data.listing_fitments as f where f.generation_id = {generation}",
     "drop index market_data.listing_fitments_generation_id_idx"),
    ("listing_prices_listing_id_id_idx",
     "The prices that a listing had.",
     "select p.price_minor from market_data.listing_prices as p where p.listing_id = {listing} order by p.id",
     "drop index market_data.listing_prices_listing_id_id_idx"),
    ("moderation_items_queue_idx",
     "The queue, the longest waiting first; partial, because closed items stay for ever.",
     "select i.id from market_data.moderation_items as i where i.closed_at is null order by i.submitted_at, i.id limit 20",
     "drop index market_data.moderation_items_queue_idx"),
    ("ban_single_per_user",
     "Is this seller blocked? Asked for every row that is shown; `until` is in the index, the table is not read.",
     "select count(*) from (select l.owner_user_id from market_data.listings as l where l.owner_user_id is not null limit 100) as l"
     " where not exists (select from people.blocked as b where b.user_id = l.owner_user_id)",
     "drop index people_data.ban_single_per_user, people_data.bans_user_id_idx"),
    ("users_display_name_trgm_idx",
     "Administrators find people by a part of a name.",
     "select u.id from people_data.users as u where u.display_name ilike '%тимур Щ%' limit 20",
     "drop index people_data.users_display_name_trgm_idx"),
)

PARTITIONS = (
    ("listing_events by month: what happened lately",
     "A question about a time reads the partitions of that time.",
     "select count(*) from market_data.listing_events as e where e.at >= transaction_timestamp() - interval '7 days'",
     "set local enable_partition_pruning = off; set local constraint_exclusion = off;"
     " set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off"),
    ("listing_events by month: the life of one listing",
     "The price of partitions: who does not name a time asks each of them, by an index probe apiece.",
     "select e.event from market_data.listing_events as e where e.listing_id = {listing} order by e.at",
     None),
)
