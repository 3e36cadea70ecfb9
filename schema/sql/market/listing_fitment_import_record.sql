-- A step of an import: the versions of the changed listings move on, once a batch, so that nobody
-- decides on what they have not seen; a moderator's import into somebody else's listing goes into
-- the audit. The caller has locked the listings.
create or replace function market.listing_fitment_import_record(
    p_actor bigint,
    p_listings bigint[],
    p_is_own boolean
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_is_own then
        update market_data.listings as l
        set changed_by = p_actor, updated_at = ops.clock_now()
        where l.id = any (p_listings);
    else
        perform ops.audit_write(
            p_actor, 'listing.fitment_import', 'listing', w.listing_id::text,
            jsonb_build_object('added', count(*)))
        from unnest(p_listings) as w (listing_id)
        group by w.listing_id;
    end if;
end
$$;

comment on function market.listing_fitment_import_record(bigint, bigint[], boolean) is
    'Step: records which listings a batch of an import changed. Raises: nothing.';
