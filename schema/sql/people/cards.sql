-- What anybody may know of a person: the name. Functions and views of every domain read names here. Not granted by
-- itself; it has one row a person and nothing computed, so that a left join which asks for no name costs nothing.
create or replace view people.cards as
select u.id as user_id, u.display_name
from people_data.users as u;

comment on view people.cards is 'The public name of every person.';
