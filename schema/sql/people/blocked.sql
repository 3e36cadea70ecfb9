-- Who is blocked at this moment. The one definition of "blocked": functions of every domain read it
-- here. Not granted: it says nothing of the reason, but who is blocked is nobody's business either.
create or replace view people.blocked as
select b.user_id, b.until, b.reason
from people_data.bans as b
where b.lifted_at is null
    and b.until > ops.clock_now();

comment on view people.blocked is
    'People who are blocked now, until when (infinity: until lifted) and why.';
