-- Guarantees: sessions and tokens of the person, without what they are proved by.
create or replace function people.export_tokens(
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
        t.id::text,
        jsonb_build_object(
            'token_id', t.id, 'kind', t.kind, 'name', t.name, 'scopes', t.scopes,
            'created_at', t.created_at, 'expires_at', t.expires_at,
            'last_used_at', t.last_used_at, 'revoked_at', t.revoked_at)
    from people_data.tokens as t
    where t.user_id = p_user
        and (p_after is null or t.id > p_after::uuid)
    order by t.id
    limit p_limit;
end;

comment on function people.export_tokens(bigint, text, integer) is
    'Helper: sessions and tokens of a person, for the export. Raises: nothing.';
