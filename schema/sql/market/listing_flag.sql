-- Guarantees: one open flag a person and listing: a repeat with another reason or note changes it.
-- When people whose flags count are enough (setting flags.hide_count), a listing that is published
-- or reserved goes back to the moderators once: it is hidden, with an item in the queue whose hint
-- says why. What a moderator approves after that needs as many new flags. Locks the listing, so
-- that of two flags at one time the second sees what the first did. Idempotent by state.
create or replace function market.listing_flag(
    p_actor bigint,
    p_listing bigint,
    p_reason text,
    p_note text
)
returns table (
    listing_id bigint,
    reason text,
    note text,
    flagged_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'user');
    perform market.listing_flag_require(p_actor, p_listing);
    perform from market_data.listings as l where l.id = p_listing for no key update;

    if market.listing_flag_store(p_actor, p_listing, p_reason, coalesce(btrim(p_note), '')) then
        perform market.listing_flags_weigh(p_listing);
    end if;

    return query
    select f.listing_id, f.reason, f.note, f.created_at
    from market_data.listing_flags as f
    where f.listing_id = p_listing
        and f.user_id = p_actor
        and f.closed_at is null;
end
$$;

comment on function market.listing_flag(bigint, bigint, text, text) is
    'A person says what is wrong with somebody else''s listing: spam, wrong_category, prohibited '
    'or sold_elsewhere, with a note or null. Raises: actor_unknown, actor_blocked, '
    'listing_unknown, flag_own_listing, flag_limit, listing_flag_reason_known, '
    'listing_flag_note_length.';

grant execute on function market.listing_flag(bigint, bigint, text, text) to kardan_api, kardan_bot;
