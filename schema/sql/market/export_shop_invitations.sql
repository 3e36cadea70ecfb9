-- Guarantees: invitations to shops that the person made or used, without the secret.
create or replace function market.export_shop_invitations(
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
        i.id::text,
        jsonb_build_object(
            'invitation_id', i.id, 'shop_id', i.shop_id, 'role', i.role,
            'made_by_me', i.created_by = p_user, 'created_at', i.created_at,
            'expires_at', i.expires_at, 'used_at', i.used_at, 'revoked_at', i.revoked_at)
    from market_data.shop_invitations as i
    where (i.created_by = p_user or i.used_by = p_user)
        and (p_after is null or i.id > p_after::uuid)
    order by i.id
    limit p_limit;
end;

comment on function market.export_shop_invitations(bigint, text, integer) is
    'Helper: invitations that a person made or used, for the export. Raises: nothing.';
