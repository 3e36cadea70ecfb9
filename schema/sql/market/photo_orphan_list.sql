-- Guarantees: of the given keys, those that no photo of any listing in any state has. The answer
-- holds for this moment: whoever deletes by it asks once more afterwards and puts back what got a
-- photo meanwhile. Locks nothing.
create or replace function market.photo_orphan_list(p_keys text[])
returns table (storage_key text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(p_keys) > 1000 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'photo_key_count',
            message = 'at most 1000 keys at a time';
    end if;

    return query
    select distinct k.storage_key
    from unnest(p_keys) as k (storage_key)
    where not exists (
        select
        from market_data.listing_photos as f
        where f.storage_key = k.storage_key);
end
$$;

comment on function market.photo_orphan_list(text[]) is
    'Those of at most 1000 keys of the store that no photo has. Raises: photo_key_count.';

grant execute on function market.photo_orphan_list(text[])
to kardan_api, kardan_worker, kardan_maintenance;
