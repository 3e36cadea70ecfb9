-- Guarantees: when the person was shown the contacts of which listing, for as long as it is kept.
create or replace function market.export_contact_clicks(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        format('%s|%s', c.at, c.listing_id),
        jsonb_build_object('listing_id', c.listing_id, 'at', c.at, 'source', c.source)
    from market_data.contact_clicks as c
    where c.clicker = p_user
        and c.at > ops.clock_now() - interval '400 days'
        and c.at >= coalesce(split_part(p_after, '|', 1)::timestamptz, '-infinity')
        and (p_after is null or (c.at, c.listing_id) > (
            split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint))
    order by c.at, c.listing_id
    limit p_limit;
end;

comment on function market.export_contact_clicks(bigint, text, integer) is
    'Helper: the contacts that a person was shown, for the export. Raises: nothing.';
