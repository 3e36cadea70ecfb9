-- Guarantees: how the person signs in, an item an account elsewhere. They are few.
create or replace function people.export_identities(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        i.provider || ' ' || i.subject,
        jsonb_build_object(
            'provider', i.provider, 'subject', i.subject, 'username', i.username,
            'first_name', i.first_name, 'last_name', i.last_name, 'photo_url', i.photo_url,
            'linked_at', i.linked_at, 'seen_at', i.seen_at, 'unreachable_at', i.unreachable_at)
    from people_data.identities as i
    where i.user_id = p_user
        and (p_after is null or i.provider || ' ' || i.subject > p_after)
    order by i.provider || ' ' || i.subject
    limit p_limit;
end;

comment on function people.export_identities(bigint, text, integer) is
    'Helper: the accounts by which a person signs in, for the export. Raises: nothing.';
