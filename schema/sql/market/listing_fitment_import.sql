-- Guarantees: of a batch of at most 1000 rows of a file (arrays of one length, cells as they were
-- written) those that are possible are what their listings say, and every row is answered: added,
-- unchanged (said already) or refused with its reason. The batches of one file are one transaction;
-- undone, it was a rehearsal. Locks for one listing what listing_fitment_add locks; for a shop its
-- other imports, the membership, then the batch's listings in ascending order. A repeat adds
-- nothing.
create or replace function market.listing_fitment_import(
    p_actor bigint,
    p_listing bigint,
    p_shop bigint,
    p_rows integer[],
    p_listings text[],
    p_makes text[],
    p_models text[],
    p_generations text[],
    p_years_from text[],
    p_years_to text[],
    p_notes text[]
)
returns table (
    row_number integer,
    outcome text,
    reason text,
    detail text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_own boolean;
    v_taken record;
    v_listing bigint;
    v_changed bigint[];
begin
    perform people.actor_require(p_actor, 'user');
    if num_nonnulls(p_listing, p_shop) <> 1
        or cardinality(p_rows) > 1000
        or array[
            cardinality(p_listings), cardinality(p_makes), cardinality(p_models),
            cardinality(p_generations), cardinality(p_years_from), cardinality(p_years_to),
            cardinality(p_notes)]
            is distinct from array_fill(cardinality(p_rows), array[7])
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'fitment_batch_uneven',
            message = 'an import is of one listing or one shop, in columns of one length';
    end if;
    v_is_own := market.listing_fitment_import_lock(p_actor, p_listing, p_shop, p_listings);

    select
        array_agg(t.row_number order by t.place) as rows,
        array_agg(t.listing_id order by t.place) as listings,
        array_agg(t.outcome = 'added' and t.has_note order by t.place) as have_new_note,
        array_agg(t.outcome order by t.place) as outcomes,
        array_agg(t.reason order by t.place) as reasons,
        array_agg(t.detail order by t.place) as details,
        array_agg(t.listing_id) filter (where t.outcome = 'added' and t.has_note) as noted
    into v_taken
    from market.listing_fitment_store(
        p_actor, p_listing, p_shop, p_rows, p_listings, p_makes, p_models, p_generations,
        p_years_from, p_years_to, p_notes) as t;

    for row_number, v_listing, outcome, reason, detail in
        select
            t.row_number, t.listing_id,
            case when u.listing_id is null then t.outcome else 'refused' end,
            coalesce(u.reason, t.reason), coalesce(u.detail, t.detail)
        from unnest(
            v_taken.rows, v_taken.listings, v_taken.have_new_note, v_taken.outcomes,
            v_taken.reasons, v_taken.details) with ordinality
            as t (row_number, listing_id, has_new_note, outcome, reason, detail, place)
        left join market.listing_fitment_notes_send(
            p_actor, case when v_is_own then v_taken.noted end) as u
            on u.listing_id = t.listing_id
            and t.has_new_note
        order by t.place
    loop
        if outcome = 'added' then
            v_changed := v_changed || v_listing;
        end if;
        return next;
    end loop;

    perform market.listing_fitment_import_record(p_actor, v_changed, v_is_own);
end
$$;

comment on function market.listing_fitment_import(
    bigint, bigint, bigint, integer[], text[], text[], text[], text[], text[], text[], text[]) is
    'The owner, a member of the shop or (of one listing) a moderator takes rows of a file over as '
    'statements of fitment. Each row is answered; reason and detail are null unless it was '
    'refused. Raises: actor_unknown, actor_blocked, fitment_batch_uneven, listing_unknown, '
    'listing_not_yours, listing_not_editable, listing_under_review, shop_unknown, '
    'shop_role_required.';

grant execute on function market.listing_fitment_import(
    bigint, bigint, bigint, integer[], text[], text[], text[], text[], text[], text[], text[])
    to kardan_api, kardan_bot;
