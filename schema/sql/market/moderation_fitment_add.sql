-- Guarantees: the listing fits the vehicle, said by the moderator who holds the item, and the
-- author sees it. Locks the listing, then the item. Idempotent by natural uniqueness: listing,
-- generation and years.
create or replace function market.moderation_fitment_add(
    p_actor bigint,
    p_item bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer,
    p_note text
)
returns table (
    fitment_id bigint,
    listing_id bigint,
    generation_id bigint,
    year_from integer,
    year_to integer,
    note text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listing bigint;
    v_before jsonb;
    v_fitment bigint;
begin
    select k.listing_id into v_listing from market.moderation_item_lock(p_actor, p_item) as k;
    perform market.moderation_claim_require(p_actor, p_item, null);

    select f.id into v_fitment
    from market_data.listing_fitments as f
    where f.listing_id = v_listing
        and f.generation_id = p_generation
        and (f.year_from, f.year_to) is not distinct from (p_year_from, p_year_to);

    if v_fitment is null then
        perform market.listing_fitment_check(v_listing, p_generation, p_year_from, p_year_to);
        v_before := jsonb_build_object('fitments', market.moderation_fitment_names(v_listing));
        insert into market_data.listing_fitments as f (
            listing_id, generation_id, year_from, year_to, note, added_by, created_at)
        values (
            v_listing, p_generation, p_year_from, p_year_to, coalesce(btrim(p_note), ''), p_actor,
            ops.clock_now())
        returning f.id into v_fitment;
        update market_data.moderation_items as i
        set edits = market.moderation_edits_merge(
            i.edits, v_before,
            jsonb_build_object('fitments', market.moderation_fitment_names(v_listing)))
        where i.id = p_item;
        perform ops.audit_write(
            p_actor, 'moderation.fitment_add', 'listing', v_listing::text,
            jsonb_build_object('item_id', p_item, 'fitment_id', v_fitment));
    end if;

    return query
    select f.id, f.listing_id, f.generation_id, f.year_from, f.year_to, f.note
    from market_data.listing_fitments as f
    where f.id = v_fitment;
end
$$;

comment on function market.moderation_fitment_add(bigint, bigint, bigint, integer, integer, text) is
    'A moderator adds a vehicle that a claimed listing fits; years null: as long as the generation '
    'was made. Raises: actor_unknown, actor_blocked, role_required, moderation_item_unknown, '
    'moderation_own_listing, moderation_decided, claim_required, listing_fitment_limit, '
    'listing_fitment_outside_generation, listing_fitment_generation_known, listing_fitment_years, '
    'listing_fitment_note_length.';

grant execute on function market.moderation_fitment_add(
    bigint, bigint, bigint, integer, integer, text)
    to kardan_api, kardan_bot;
