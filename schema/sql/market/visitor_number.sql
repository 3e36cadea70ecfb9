-- Guarantees: the number of a visitor, below zero; the same for the same salt and the same visitor,
-- and without the salt it tells nothing. Null for no visitor.
create or replace function market.visitor_number(p_salt bytea, p_visitor text)
returns bigint
language sql
stable
parallel safe
return -1 - (
    ('x' || encode(
        substring(sha256(p_salt || convert_to(left(nullif(p_visitor, ''), 500), 'UTF8'))
            from 1 for 8),
        'hex'))::bit(64)::bigint & 9223372036854775807);

comment on function market.visitor_number(bytea, text) is
    'Helper: the number of a visitor without an account, below zero. Raises: nothing.';
