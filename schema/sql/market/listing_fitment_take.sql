-- A step of an import: one statement of fitment, which market.listing_fitment_read has let pass:
-- added, unchanged when the listing says exactly that, or refused with the reason. Two statements
-- about one generation of a listing do not overlap in years. Of its own people's word on a
-- published listing a note has to be checked; when the listing cannot be sent to the moderators as
-- it is, the statement is refused and undone. The caller has locked the listing.
create or replace function market.listing_fitment_take(
    p_actor bigint,
    p_listing bigint,
    p_generation bigint,
    p_year_from integer,
    p_year_to integer,
    p_note text,
    p_is_own boolean
)
returns table (
    outcome text,
    reason text,
    detail text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    select c.outcome, c.reason, c.detail into outcome, reason, detail
    from market.listing_fitment_conflict(
        p_actor, p_listing, p_generation, p_year_from, p_year_to) as c;
    if outcome is not null then
        return next;
        return;
    end if;

    outcome := 'added';
    -- Only what can be refused pays for being undone.
    if not p_is_own or p_note = '' or not exists (
        select from market_data.listings as l where l.id = p_listing and l.status = 'published'
    ) then
        perform market.listing_fitment_store(
            p_actor, p_listing, p_generation, p_year_from, p_year_to, p_note, p_is_own);
        return next;
        return;
    end if;
    begin
        perform market.listing_fitment_store(
            p_actor, p_listing, p_generation, p_year_from, p_year_to, p_note, p_is_own);
    exception
        when sqlstate 'ZINVL' then
            outcome := 'refused';
            get stacked diagnostics reason = constraint_name, detail = pg_exception_detail;
    end;
    return next;
end
$$;

comment on function market.listing_fitment_take(
    bigint, bigint, bigint, integer, integer, text, boolean) is
    'Step: takes one row of an import and tells what became of it. Raises: nothing.';
