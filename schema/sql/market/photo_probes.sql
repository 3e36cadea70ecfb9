-- A helper: what to look for in the index of hashes. A quarter of a hash and what differs from it
-- in one bit, for all four: 68 values. What has none of them differs in at least 8 bits.
create or replace function market.photo_probes(p_hash bigint)
returns integer[]
language sql
immutable
parallel safe
return array(
    select b.band # m.bit
    from unnest(market_data.photo_hash_bands(p_hash)) as b (band)
    cross join (
        select 0 as bit
        union all
        select 1 << s.n from generate_series(0, 15) as s (n)
    ) as m);

comment on function market.photo_probes(bigint) is
    'Helper: the quarters of a hash and their neighbours, as market_data.photo_hash_bands writes '
    'them. Raises: nothing.';
