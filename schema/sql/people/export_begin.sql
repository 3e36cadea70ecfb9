-- A step: notes that everything stored about a person is asked for, and gives the parts in which it
-- is to be read. The caller has locked the person.
create or replace function people.export_begin(p_actor bigint, p_user bigint)
returns table (
    export_id uuid,
    user_id bigint,
    at timestamptz,
    section text
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_export constant uuid := ops_data.uuid_v7(v_now);
begin
    insert into people_data.exports (id, user_id, at, by_operator)
    values (v_export, p_user, v_now, p_actor is null);
    perform ops.audit_write(p_actor, 'user.export', 'user', p_user::text, '{}');

    return query
    select v_export, p_user, v_now, s.section
    from people.export_sections as s
    order by s.position;
end
$$;

comment on function people.export_begin(bigint, bigint) is
    'Step: records an export and gives its parts; the actor is null for an operator. Raises: '
    'nothing.';
