-- Reads what is paid and not over by its index, and gives the 50 orders that were shown most.
create or replace function market.promotion_current_list()
returns table (
    promotion_id bigint,
    kind text,
    advertiser text,
    shown bigint,
    clicked bigint,
    impressions_wanted integer,
    ends_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select w.promotion_id, w.kind,
        coalesce('shop ' || w.owner_shop_id, 'person ' || w.owner_user_id),
        w.shown, w.clicked, w.impressions_wanted, w.ends_at
    from market.promotion_rows as w
    where w.state = 'approved'
        and w.payment = 'paid'
        and w.ended_at is null
    order by w.shown desc, w.promotion_id
    limit 50;
end
$$;

comment on function market.promotion_current_list() is
    'Orders of advertising that are paid and not over, with what they came to, those that were '
    'shown most. The advertiser is a number of a shop or person; impressions_wanted is null when '
    'there is no ceiling. Raises: nothing.';

grant execute on function market.promotion_current_list() to kardan_monitor, kardan_admin;
