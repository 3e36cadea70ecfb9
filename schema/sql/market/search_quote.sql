-- Guarantees: one lexeme as a piece of the text of a tsquery, whatever signs are in it. Inlines.

create or replace function market.search_quote(p_lexeme text)
returns text
language sql
immutable
parallel safe
return '''' || replace(replace(p_lexeme, '\', '\\'), '''', '''''') || '''';

comment on function market.search_quote(text) is
    'Helper: a lexeme, quoted for the text of a tsquery. Raises: nothing.';
