-- Records the last use of a shop's token, once a minute at most. Never waits: whoever finds the row
-- taken leaves it to the other. Idempotent by state within the minute.
create or replace function market.shop_token_used(p_token_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    update market_data.shop_tokens as t
    set last_used_at = v_now
    where t.id = (
        select o.id
        from market_data.shop_tokens as o
        where o.id = p_token_id
            and (o.last_used_at is null or o.last_used_at <= v_now - interval '1 minute')
        for no key update skip locked);
end
$$;

comment on function market.shop_token_used(uuid) is
    'Records that a token was used, once a minute at most; an unknown token is passed over. '
    'Raises: nothing.';

grant execute on function market.shop_token_used(uuid) to kardan_api;
