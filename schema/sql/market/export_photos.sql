-- Guarantees: the photos of the listings that the person owns, and the names that their files have
-- in the archive.
create or replace function market.export_photos(
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
        format('%s %s', l.id, p.position),
        jsonb_build_object(
            'listing_id', l.id, 'position', p.position, 'storage_key', p.storage_key,
            'file', format('photos/%s/%s.webp', l.id, p.position),
            'width', p.width, 'height', p.height, 'created_at', p.created_at)
    from market_data.listings as l
    join market_data.listing_photos as p on p.listing_id = l.id
    where l.owner_user_id = p_user
        and l.id >= coalesce(split_part(p_after, ' ', 1)::bigint, 0)
        and (p_after is null or (l.id, p.position)
            > (split_part(p_after, ' ', 1)::bigint, split_part(p_after, ' ', 2)::integer))
    order by l.id, p.position
    limit p_limit;
end;

comment on function market.export_photos(bigint, text, integer) is
    'Helper: the photos of a person, for the export. Raises: nothing.';
