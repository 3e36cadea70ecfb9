-- Fills a migrated database with so many clicks on contacts (n), so many a day (daily): 50 000
-- listings for sale now, 200 000 people. A listing lives for 60 days, so the clicks of a day fall on
-- the listings of that time; those of long ago have no row any more, which nothing here asks for.
-- Indexes are made afterwards, in one go each.
\set listings 50000
\set people 200000
\set first 100000000

set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '256MB';
set work_mem = '256MB';

insert into people_data.users (role, display_name, language, created_at, updated_at)
select 'user', 'Person ' || n, 'ru', transaction_timestamp(), transaction_timestamp()
from generate_series(1, :people) as n;

insert into market_data.listings (
    id, kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id,
    condition, place_id, price_minor, stock_quantity, contact_phone, created_at, updated_at,
    published_at)
select
    :first + n, 'part', 'published', 1, 1, 1, 'Фара ' || n, c.parent_id, c.id, 'new',
    (select min(p.id) from catalog_data.places as p), 1000 + n, 1, '+7 900 000-00-00',
    transaction_timestamp(), transaction_timestamp(), transaction_timestamp()
from generate_series(0, :listings - 1) as n
cross join (
    select c.id, c.parent_id
    from catalog_data.categories as c
    where c.kind = 'part' and c.parent_id is not null
    order by c.id
    limit 1
) as c;

select partman.create_partition_time(
    'market_data.contact_clicks',
    array(
        select date_trunc('day', transaction_timestamp()) - n * interval '1 day'
        from generate_series(0, (:n - 1) / :daily) as n));

alter table market_data.contact_clicks drop constraint contact_clicks_pkey;
drop index market_data.contact_clicks_clicker_at_idx;
alter table market_data.contact_people drop constraint contact_people_pkey;

-- A statement for each day; new listings are looked at more than old ones.
select format(
    $$insert into market_data.contact_clicks (listing_id, at, clicker, source)
      select
          %s - day * %s / 60 + floor(%s * sqrt(random()))::bigint,
          date_trunc('day', transaction_timestamp()) - day * interval '1 day'
              + random() * case
                  when day > 0 then interval '1 day'
                  else transaction_timestamp() - date_trunc('day', transaction_timestamp())
              end,
          case when n %% 3 = 0 then -1 - floor(random() * 1e15)::bigint
              else 1 + floor(%s * random())::bigint end,
          'web'
      from (values (%s)) as d (day), generate_series(1, %s) as n$$,
    :first, :listings, :listings, :people, day, least(:daily, :n - day * :daily))
from generate_series(0, (:n - 1) / :daily) as day
\gexec

alter table market_data.contact_clicks add primary key (listing_id, at, clicker);
create index contact_clicks_clicker_at_idx on market_data.contact_clicks (clicker, at);

insert into market_data.contact_people (listing_id, user_id, first_at, last_at, clicks)
select c.listing_id, c.clicker, min(c.at), max(c.at), count(*)
from market_data.contact_clicks as c
where c.clicker > 0
group by c.listing_id, c.clicker;
alter table market_data.contact_people add primary key (listing_id, user_id);

vacuum analyze market_data.contact_clicks;
vacuum analyze market_data.contact_people;
vacuum analyze market_data.listings;
vacuum analyze people_data.users;
