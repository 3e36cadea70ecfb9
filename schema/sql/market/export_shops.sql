-- Guarantees: the shops that the person is a member of.
create or replace function market.export_shops(
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
        m.shop_id::text,
        jsonb_build_object(
            'shop_id', m.shop_id, 'name', s.name, 'description', s.description,
            'place_id', s.place_id, 'role', m.role, 'joined_at', m.joined_at,
            'made_by_me', s.created_by = p_user)
    from market_data.shop_members as m
    join market_data.shops as s on s.id = m.shop_id
    where m.user_id = p_user
        and m.shop_id > coalesce(p_after::bigint, 0)
    order by m.shop_id
    limit p_limit;
end;

comment on function market.export_shops(bigint, text, integer) is
    'Helper: the shops of a person, for the export. Raises: nothing.';
