-- Guarantees: some items of one part of an export, in the order of their cursors; fewer than 200
-- are the last. Only the person whose export it is gets any, and only within six hours: for more,
-- export_open counts again. Locks nothing. The helper of the section is called by name, for a
-- domain reads its own tables; which one is what people.export_sections says, never the caller.
create or replace function people.export_part(
    p_actor bigint,
    p_export uuid,
    p_section text,
    p_after text
)
returns table (next_after text, item jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_domain text;
begin
    perform people.actor_known(p_actor);
    select s.domain into v_domain
    from people_data.exports as e
    join people.export_sections as s on s.section = p_section
    where e.id = p_export
        and e.user_id = p_actor
        and e.at > v_now - interval '6 hours';
    if not found then
        raise exception using
            errcode = 'ZNFND', constraint = 'export_unknown',
            message = 'there is no such export, or its time is over';
    end if;

    for next_after, item in execute format(
        'select e.next_after, e.item from %I.%I($1, $2, $3) as e',
        v_domain, 'export_' || p_section)
    using p_actor, p_after, 200 loop
        return next;
    end loop;
end
$$;

comment on function people.export_part(bigint, uuid, text, text) is
    'Items of one part of an export, at most 200, after the given cursor. Raises: actor_unknown, '
    'export_unknown.';

grant execute on function people.export_part(bigint, uuid, text, text)
    to kardan_api, kardan_bot, kardan_admin;
