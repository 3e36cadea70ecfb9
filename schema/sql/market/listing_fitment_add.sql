-- Guarantees: the listing says that it fits the vehicles; years null: the whole generation. Of its
-- own people's word on a published listing only a note has to be checked. Locks for its people the
-- membership, then the listing, then for its people the waiting check. Idempotent by nature: what
-- the listing says already is answered as it is.
create or replace function market.listing_fitment_add(
    p_actor bigint,
    p_listing bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer,
    p_note text
)
returns table (
    fitment_id bigint,
    generation_id bigint,
    year_from integer,
    year_to integer,
    note text,
    status text,
    version integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_own constant boolean := market.listing_fitment_lock(p_actor, p_listing);
    v_id bigint;
begin
    select f.id into v_id from market_data.listing_fitments as f
    where f.listing_id = p_listing and f.generation_id = p_generation
        and (f.year_from, f.year_to) is not distinct from (p_year_from, p_year_to);

    if v_id is null then
        perform market.listing_fitment_check(p_listing, p_generation, p_year_from, p_year_to);
        insert into market_data.listing_fitments as f (
            listing_id, generation_id, year_from, year_to, note, added_by, created_at)
        values (
            p_listing, p_generation, p_year_from, p_year_to, coalesce(btrim(p_note), ''), p_actor,
            ops.clock_now())
        returning f.id into v_id;
        perform market.listing_fitment_record(
            p_actor, p_listing, v_id, 'listing.fitment_add', v_is_own);
        if v_is_own and btrim(p_note) <> '' then
            perform market.listing_content_changed(p_actor, p_listing);
        end if;
    end if;

    return query
    select f.id, f.generation_id, f.year_from, f.year_to, f.note, l.status, l.version
    from market_data.listing_fitments as f
    join market_data.listings as l on l.id = f.listing_id
    where f.id = v_id;
end
$$;

comment on function market.listing_fitment_add(bigint, bigint, bigint, integer, integer, text) is
    'The owner, a member of the shop or a moderator says which vehicles a listing fits: a '
    'generation, or years of it, with a note. Raises: actor_unknown, actor_blocked, '
    'listing_unknown, listing_not_yours, listing_not_editable, listing_under_review, '
    'listing_fitment_limit, listing_fitment_outside_generation, listing_fitment_generation_known, '
    'listing_fitment_years, listing_fitment_note_length, listing_contact_required, '
    'listing_stock_required, listing_category_closed, attribute_unknown, attribute_required, '
    'attribute_type, attribute_range, attribute_choice.';

grant execute on function market.listing_fitment_add(bigint, bigint, bigint, integer, integer, text)
    to kardan_api, kardan_bot;
