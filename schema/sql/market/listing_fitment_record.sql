-- A step: after a change of fitment by its own people the listing's version moves on, so that
-- nobody decides on what they have not seen; a moderator's change of somebody else's thing goes
-- into the audit. The caller has locked the listing.
create or replace function market.listing_fitment_record(
    p_actor bigint,
    p_listing bigint,
    p_fitment bigint,
    p_action text,
    p_is_own boolean
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_is_own then
        update market_data.listings as l
        set changed_by = p_actor, updated_at = ops.clock_now()
        where l.id = p_listing;
    else
        perform ops.audit_write(
            p_actor, p_action, 'listing', p_listing::text,
            jsonb_build_object('fitment_id', p_fitment));
    end if;
end
$$;

comment on function market.listing_fitment_record(bigint, bigint, bigint, text, boolean) is
    'Step: moves the version of a listing on, or records what a moderator did to it. Raises: '
    'nothing.';
