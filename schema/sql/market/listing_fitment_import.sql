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
    v_row record;
    v_changed bigint[] := array[]::bigint[];
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

    for v_row in
        select
            r.row_number, r.listing_id, r.generation_id, r.year_from, r.year_to, r.note, r.reason,
            r.detail
        from market.listing_fitment_read(
            p_listing, p_shop, p_rows, p_listings, p_makes, p_models, p_generations, p_years_from,
            p_years_to, p_notes) as r
    loop
        row_number := v_row.row_number;
        outcome := 'refused';
        reason := v_row.reason;
        detail := v_row.detail;
        if reason is null then
            select t.outcome, t.reason, t.detail into outcome, reason, detail
            from market.listing_fitment_take(
                p_actor, v_row.listing_id, v_row.generation_id, v_row.year_from, v_row.year_to,
                v_row.note, v_is_own) as t;
        end if;
        if outcome = 'added' then
            v_changed := v_changed || v_row.listing_id;
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
