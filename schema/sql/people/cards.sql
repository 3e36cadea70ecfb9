-- The name that others see a person under. The one place where other domains read it: they may
-- not name the tables of people. Not granted: a list of everybody is nobody's business.
create or replace view people.cards as
select u.id as user_id, u.display_name
from people_data.users as u;

comment on view people.cards is 'Every person with the name that others see.';
