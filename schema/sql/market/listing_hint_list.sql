-- Guarantees: what the program noticed in the listing when it was submitted or edited last, for
-- its people and for moderators. Copies among other sellers' goods are left out for its people:
-- whom somebody copies, or is copied by, is for a moderator to judge. Empty for what was never
-- submitted. Reads only.
create or replace function market.listing_hint_list(p_actor bigint, p_listing bigint)
returns table (
    hint_id bigint,
    kind text,
    field text,
    excerpt text,
    details jsonb,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform market.listing_reader_require(p_actor, p_listing);

    return query
    select h.id, h.kind, h.field, h.excerpt, h.details, h.created_at
    from market_data.moderation_hints as h
    where h.item_id = (
            select i.id
            from market_data.moderation_items as i
            where i.listing_id = p_listing
            order by i.id desc
            limit 1)
        and h.kind <> 'same_text_elsewhere'
        -- It may look like a listing that this person knows nothing of: somebody else's, or one of
        -- their own that a colleague has never seen.
        and (h.kind not in ('photo_lookalike', 'same_number', 'similar_text')
            or market.listing_reader(p_actor, (h.details ->> 'listing_id')::bigint))
    order by h.id
    limit 100;
end
$$;

comment on function market.listing_hint_list(bigint, bigint) is
    'What its people should know of a listing before a moderator looks: which forbidden words and '
    'contacts stand where, the usual price, their own listings that it may be a copy of, flags. '
    'Raises: actor_unknown, listing_unknown, listing_not_yours.';

grant execute on function market.listing_hint_list(bigint, bigint) to kardan_api, kardan_bot;
