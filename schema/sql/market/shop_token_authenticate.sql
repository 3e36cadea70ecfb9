-- Which shop a program acts for with this token, as whom, and how far it reaches. Read at every
-- request. Whoever is not an owner or a manager any more has no token that opens anything: the
-- foreign key deletes it with the membership, and this looks at the role. Locks nothing.
create or replace function market.shop_token_authenticate(p_token_hash bytea)
returns table (
    token_id uuid,
    shop_id bigint,
    user_id bigint,
    scopes text[],
    language text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    return query
    select t.id, t.shop_id, t.user_id, t.scopes, r.language
    from market_data.shop_tokens as t
    join market_data.shop_members as m
        on m.shop_id = t.shop_id
        and m.user_id = t.user_id
        and m.role in ('owner', 'manager')
    join people.recipients as r on r.user_id = t.user_id
    where t.token_hash = p_token_hash
        and t.revoked_at is null
        and t.expires_at > v_now;
end
$$;

comment on function market.shop_token_authenticate(bytea) is
    'The shop and the member behind a token, by the hash of the token; no row when it is unknown, '
    'over or revoked, or its maker is no longer an owner or a manager. Raises: nothing.';

grant execute on function market.shop_token_authenticate(bytea) to kardan_api;
