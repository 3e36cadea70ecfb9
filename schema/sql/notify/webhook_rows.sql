-- Every address as the people of its shop see it: without its secrets. Not granted.
create or replace view notify.webhook_rows as
select
    w.id as webhook_id,
    w.shop_id,
    w.url,
    w.types,
    w.former_until,
    w.failing_since,
    w.disabled_at,
    w.disabled_why,
    w.created_by,
    w.created_at
from notify_data.webhooks as w;

comment on view notify.webhook_rows is 'Addresses of programs, without their secrets. Not granted.';
