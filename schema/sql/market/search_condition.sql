-- Guarantees: what a pass of a search matches, as a text of constant pieces; the passes of one
-- search share no listing. For the parameters see search_statement.sql. Locks nothing.

create or replace function market.search_condition(
    p_pass text,
    p_terms text[]
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_own constant text := case p_pass
        when 'number' then 'l.part_number_norm = any ($2)'
        when 'analogue' then 'l.part_number_norm = any ($3)'
        when 'prefix' then 'l.part_number_norm like $4 and l.part_number_norm <> '''''
        when 'text' then 'l.search @@ $5'
        when 'rest' then 'l.search @@ $5'
        when 'typo' then 'l.search @@ $6'
    end;
    v_any text;
begin
    -- All terms for a pass that is the only one, those of the earlier passes for the others.
    select string_agg(t.condition, ' or ' order by t.ordinal) into v_any
    from (
        values
            (1, 'numbers', 'l.part_number_norm = any ($2 || $3)'),
            (2, 'prefix', '(l.part_number_norm like $4 and l.part_number_norm <> '''')'),
            (3, 'words', 'l.search @@ $5'),
            (4, 'corrected', 'l.search @@ $6')
    ) as t (ordinal, term, condition)
    where t.term = any (p_terms)
        and t.ordinal <= case p_pass
            when 'number' then 0
            when 'analogue' then 0
            when 'prefix' then 1
            when 'text' then 2
            when 'rest' then 2
            when 'typo' then 3
            else 4
        end;

    return case
        when v_own is null then '(' || v_any || ')'
        else v_own || coalesce(' and not (' || v_any || ')', '')
    end;
end
$$;

comment on function market.search_condition(text, text[]) is
    'Step: what one pass of a search matches; null when everything does. Raises: nothing.';
