-- Guarantees: what a pass of a search matches, as a query for the index of terms; the passes of one
-- search share no listing. A pass of another name (an order of time or price) matches whatever any
-- of them does. Null matches everything. Locks nothing.

create or replace function market.search_pass_terms(
    p_pass text,
    p_numbers tsquery,
    p_analogues tsquery,
    p_prefix tsquery,
    p_words tsquery,
    p_corrected tsquery,
    p_filters tsquery
)
returns tsquery
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_readings constant tsquery[] := array[
        coalesce(p_numbers || p_analogues, p_numbers, p_analogues), p_prefix, p_words, p_corrected];
    v_place constant integer := case p_pass
        when 'number' then 1
        when 'analogue' then 1
        when 'prefix' then 2
        when 'text' then 3
        when 'rest' then 3
        when 'typo' then 4
        else 5
    end;
    v_earlier tsquery;
    v_terms tsquery := case p_pass
        when 'number' then p_numbers
        when 'analogue' then p_analogues
        else v_readings[v_place]
    end;
begin
    for v_at in 1 .. v_place - 1 loop
        v_earlier := coalesce(v_earlier || v_readings[v_at], v_earlier, v_readings[v_at]);
    end loop;
    if v_place = 5 then
        v_terms := v_earlier;
    elsif v_earlier is not null then
        v_terms := v_terms && !!v_earlier;
    end if;
    return coalesce(v_terms && p_filters, v_terms, p_filters);
end
$$;

comment on function market.search_pass_terms(
    text, tsquery, tsquery, tsquery, tsquery, tsquery, tsquery) is
    'Step: what one pass of a search matches; null when everything does. Raises: nothing.';
