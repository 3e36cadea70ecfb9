-- Guarantees: one pass of a search: up to p_limit ids after the given place, in order, by the first
-- of its ways that has an answer. p_key is the part of the page key that all of them share. Locks
-- nothing. For the passes and ways see search_statement.sql.

create or replace function market.search_pass(
    p_pass text,
    p_known text[],
    p_numbers text[],
    p_analogues text[],
    p_prefix text,
    p_words tsquery,
    p_corrected tsquery,
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
-- Each statement runs once: compiling it would cost more than running it. And where an index has
-- the order of the page, it is walked: a sort would take everything first.
set jit = off
set enable_sort = off
as $$
declare
    v_is_ranked constant boolean := p_pass in ('text', 'typo');
    v_is_after constant boolean := p_after_id is not null;
    v_way text;
    v_is_answer boolean;
begin
    foreach v_way in array case
        when v_is_ranked then array['few', 'walk']
        when p_pass in ('number', 'analogue', 'prefix') then array['far', 'walk']
        else array['near', 'far']
    end loop
        execute case
            when v_is_ranked then
                market.search_statement_ranked(p_pass, v_way, p_known, p_filters, v_is_after)
            else market.search_statement(p_pass, v_way, p_known, p_filters, v_is_after)
        end
        into ids, keys, v_is_answer, edge_at, edge_id
        using p_filters, p_numbers, p_analogues, p_prefix, p_words, p_corrected, p_until,
            p_after_number, p_after_at, p_after_id, p_limit, p_key;
        exit when v_is_answer;
    end loop;
    return next;
end
$$;

comment on function market.search_pass(
    text, text[], text[], text[], text, tsquery, tsquery, jsonb, timestamptz, bigint, timestamptz,
    bigint, integer, bigint) is
    'Step: what one pass of a search gives to a page; the edge is null unless more follows in the '
    'pass rest. Raises: nothing.';
