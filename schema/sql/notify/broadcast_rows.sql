-- Guarantees: a broadcast as administrators see it. Not granted.
create or replace view notify.broadcast_rows as
select
    b.id as broadcast_id, b.state, b.text_ru, b.text_en, b.role, b.language, b.has_telegram,
    b.in_shop, b.is_selling, b.place_id, b.seen_since, b.created_by, b.created_at, b.updated_at,
    b.version, b.started_at, b.finished_at, b.told_count, b.sent_count, b.failed_count,
    b.closed_count
from notify_data.broadcasts as b;

comment on view notify.broadcast_rows is 'Every broadcast with its progress. Not granted.';
