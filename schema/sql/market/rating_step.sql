-- Guarantees: what a review that moves from these stars to those (null: no stars) adds to the count
-- of p_stars: 1, 0 or -1.
create or replace function market.rating_step(p_stars integer, p_from integer, p_to integer)
returns integer
language sql
immutable
parallel safe
return coalesce((p_to = p_stars)::integer, 0) - coalesce((p_from = p_stars)::integer, 0);

comment on function market.rating_step(integer, integer, integer) is
    'Helper: the change of one count of a rating. Raises: nothing.';
