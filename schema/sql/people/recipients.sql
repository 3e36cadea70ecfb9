-- Everybody who may be told something: in which language, and under which Telegram account. The one
-- place where other domains read it: they may not name the tables of people. Of several accounts
-- the one seen last. Not granted: how people can be reached is nobody's business.
create or replace view people.recipients as
select u.id as user_id, u.language, u.role, u.created_at, i.telegram_id, i.seen_at, i.unreachable_at
from people_data.users as u
left join lateral (
    select a.subject::bigint as telegram_id, a.seen_at, a.unreachable_at
    from people_data.identities as a
    where a.user_id = u.id
        and a.provider = 'telegram'
    order by a.seen_at desc
    limit 1
) as i on true;

comment on view people.recipients is
    'Every person with language, role and Telegram account; telegram_id and seen_at are null '
    'without one, unreachable_at while messages arrive.';
