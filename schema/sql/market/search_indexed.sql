-- Guarantees: what the index of terms is asked for, to find what has these terms (null: anything)
-- within a window (null: anywhere). A query of which nothing must be there reads the whole index,
-- so then it is every kind that must. Inlines.

create or replace function market.search_indexed(p_terms tsquery, p_window tsquery)
returns tsquery
language sql
immutable
parallel safe
return case
    when p_window is not null then coalesce(p_terms && p_window, p_window)
    when p_terms is null then '''=k:part'' | ''=k:car'' | ''=k:service'''::tsquery
    when querytree(p_terms) = 'T'
        then p_terms && '''=k:part'' | ''=k:car'' | ''=k:service'''::tsquery
    else p_terms
end;

comment on function market.search_indexed(tsquery, tsquery) is
    'Helper: terms within a window as a query for the index. Raises: nothing.';
