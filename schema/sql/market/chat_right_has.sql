-- Guarantees: whether an administrator gave a person the right to delete messages beneath this
-- listing, or everywhere, that holds now. Locks nothing.
create or replace function market.chat_right_has(p_user bigint, p_listing bigint)
returns boolean
language sql
stable
parallel safe
return exists (
    select
    from market_data.chat_rights as r
    where r.user_id = p_user
        and (r.listing_id = p_listing or r.listing_id is null)
        and r.revoked_at is null
        and r.until > ops.clock_now()
);

comment on function market.chat_right_has(bigint, bigint) is
    'Helper: whether a person may delete messages of others beneath a listing. Raises: nothing.';
