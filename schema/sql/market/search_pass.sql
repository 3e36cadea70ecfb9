-- Guarantees: one pass of a search: up to p_limit ids after the given place, in order, and their
-- page keys; p_key is the part of the key that all of them share. A pass that ranks takes the
-- newest 300 matches, so that a common word costs no more than a rare one; the oldest of them is
-- the edge when there may be more. Locks nothing.

create or replace function market.search_pass(
    p_pass text,
    p_terms tsquery,
    p_rank tsquery,
    p_filters jsonb,
    p_until timestamptz,
    p_after_number bigint,
    p_after_at timestamptz,
    p_after_id bigint,
    p_limit integer,
    p_key bigint
)
returns table (
    ids bigint[],
    keys bigint[],
    edge_at timestamptz,
    edge_id bigint
)
language plpgsql
stable
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
    v_found record;
begin
    if p_pass in ('number', 'analogue', 'prefix') then
        ids := market.search_numbered(p_terms, p_filters, p_after_id, p_limit);
        keys := array_fill(p_key, array[coalesce(cardinality(ids), 0)]);
    elsif p_pass in ('price', '-price') then
        select f.ids, f.prices into ids, keys
        from market.search_priced(
            p_terms, p_filters, p_pass = '-price',
            case when p_after_id is not null then p_after_number end, p_after_id, p_limit) as f;
    elsif p_pass in ('new', 'rest') then
        select f.ids, f.ats into v_found
        from market.search_newest(
            p_terms, null, p_filters,
            case when p_after_id is null then 'infinity' else p_after_at end,
            coalesce(p_after_id, 0), p_limit) as f;
        ids := v_found.ids;
        select array_agg(
            p_key | ((extract(epoch from t.at) * 1000000)::bigint - 946684800000000)
            order by t.place) into keys
        from unnest(v_found.ats) with ordinality as t (at, place);
    else
        select f.ids, f.ats, f.ranks into v_found
        from market.search_newest(
            p_terms, p_rank, p_filters, p_until, 9223372036854775807, 300) as f;
        select array_agg(p.id), array_agg(p_key | (p.rank << 51)) into ids, keys
        from (
            select r.id, r.rank
            from unnest(v_found.ids, v_found.ranks) as r (id, rank)
            where p_after_id is null
                or (r.rank, r.id) < (p_after_number, p_after_id)
            order by r.rank desc, r.id desc
            limit p_limit
        ) as p;
        edge_at := v_found.ats[300];
        edge_id := v_found.ids[300];
    end if;
    return next;
end
$$;

comment on function market.search_pass(
    text, tsquery, tsquery, jsonb, timestamptz, bigint, timestamptz, bigint, integer, bigint) is
    'Step: what one pass of a search gives to a page; the edge is null unless more follows in the '
    'pass rest. Raises: nothing.';
