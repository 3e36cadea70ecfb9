-- A step of erasure: who did what to what stays in the audit, by numbers; the details of what was
-- done by or to a person and to these things go, and so do copies of answers. The caller says that
-- it erases. Idempotent.
create or replace function ops.person_forget(p_user bigint, p_objects jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_things record;
begin
    delete from ops_data.idempotency_keys as k where k.actor_id = p_user;
    update ops_data.audit as a
    set details = '{}'
    where a.actor_id = p_user
        and a.details <> '{}';
    -- A type at a time, so that each is looked up by its index.
    for v_things in
        select t.object_type, array(select jsonb_array_elements_text(t.ids)) as ids
        from jsonb_each(p_objects) as t (object_type, ids)
    loop
        update ops_data.audit as a
        set details = '{}'
        where a.object_type = v_things.object_type
            and a.object_id = any (v_things.ids)
            and a.details <> '{}';
    end loop;
end
$$;

comment on function ops.person_forget(bigint, jsonb) is
    'Step: takes the details of a person''s deeds and things out of the audit; the objects are '
    'arrays of numbers by type. Raises: nothing.';
