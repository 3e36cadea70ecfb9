-- A step of an import by a listing's own people: a published listing among these, to which a note
-- was just added, goes to the moderators, once, and of one that waits the hints are made anew. One
-- that cannot be sent as it is loses the notes of this import again, and is told with the reason.
-- What this import said is known by its person and moment. The caller has locked the listings.
create or replace function market.listing_fitment_notes_send(p_actor bigint, p_listings bigint[])
returns table (
    listing_id bigint,
    reason text,
    detail text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
begin
    for listing_id in
        select distinct w.id from unnest(p_listings) as w (id) order by w.id
    loop
        begin
            perform market.listing_content_changed(p_actor, listing_id);
            continue;
        exception
            when sqlstate 'ZINVL' then
                get stacked diagnostics reason = constraint_name, detail = pg_exception_detail;
        end;
        delete from market_data.listing_fitments as f
        where f.listing_id = listing_fitment_notes_send.listing_id
            and f.added_by = p_actor
            and f.created_at = v_now
            and f.note <> '';
        return next;
    end loop;
end
$$;

comment on function market.listing_fitment_notes_send(bigint, bigint[]) is
    'Step: sends listings with new notes to the moderators, and tells those that cannot be sent. '
    'Raises: nothing.';
