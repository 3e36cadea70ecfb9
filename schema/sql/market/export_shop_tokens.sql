-- Guarantees: the tokens that the person made for programs of shops, without the secret.
create or replace function market.export_shop_tokens(
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
            'token_id', t.id, 'shop_id', t.shop_id, 'name', t.name, 'scopes', t.scopes,
            'created_at', t.created_at, 'expires_at', t.expires_at,
            'last_used_at', t.last_used_at, 'revoked_at', t.revoked_at)
    from market_data.shop_tokens as t
    where t.user_id = p_user
        and (p_after is null or t.id > p_after::uuid)
    order by t.id
    limit p_limit;
end;

comment on function market.export_shop_tokens(bigint, text, integer) is
    'Helper: the tokens that a person made for programs of shops, for the export. Raises: nothing.';
