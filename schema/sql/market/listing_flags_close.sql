-- A step: what a moderator decided on a listing is decided on its open flags. The caller has locked
-- the listing.
create or replace function market.listing_flags_close(
    p_actor bigint,
    p_listing bigint,
    p_outcome text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update market_data.listing_flags as f
    set closed_at = ops.clock_now(), closed_by = p_actor, outcome = p_outcome
    where f.listing_id = p_listing
        and f.closed_at is null;
end
$$;

comment on function market.listing_flags_close(bigint, bigint, text) is
    'Step: closes the open flags of a listing as dismissed or upheld. Raises: nothing.';
