-- A published listing that fits more than before is news for saved searches, as one that was just
-- published is; once a statement, so that a file of fitment is few news.

create function market_data.search_news_fitment()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- What is hidden now is news when it is published again.
    insert into market_data.search_news (listing_id, at)
    select n.listing_id, max(n.created_at)
    from fresh as n
    join market_data.listings as l on l.id = n.listing_id and l.status = 'published'
    group by n.listing_id
    order by n.listing_id;
    return null;
end
$$;

comment on function market_data.search_news_fitment() is
    'Trigger: notes for saved searches that published listings fit more.';

create trigger listing_fitments_search_news_made
after insert on market_data.listing_fitments
referencing new table as fresh
for each statement execute function market_data.search_news_fitment();

create trigger listing_fitments_search_news_changed
after update on market_data.listing_fitments
referencing new table as fresh
for each statement execute function market_data.search_news_fitment();

comment on table market_data.search_news is
    'Listings that were published, became cheaper or fit more, and were not yet compared with '
    'saved searches. Short: a job empties it every minute, and whoever delivers alerts does '
    'before. What is hidden when its turn comes waits here until it is seen again.';

comment on column market_data.search_alerts.due_at is
    'When to tell it; infinity while the listing is hidden, until it is found again.';
