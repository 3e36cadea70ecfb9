-- A step: whom a person would review with a deal: the side that they are not. Whoever stands on
-- both sides by now reviews nobody; of a deal of others one does not learn that it exists. Locks
-- nothing.
create or replace function market.review_direction(p_actor bigint, p_deal uuid)
returns text
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sides constant text[] := market.deal_sides(p_actor, p_deal);
begin
    if v_sides = '{}' then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'deal_unknown',
            message = 'there is no such deal';
    end if;
    if cardinality(v_sides) > 1 then
        raise exception using
            errcode = 'ZDENY',
            constraint = 'review_own',
            message = 'nobody reviews themselves or their shop';
    end if;
    return case v_sides[1] when 'buyer' then 'of_seller' else 'of_buyer' end;
end
$$;

comment on function market.review_direction(bigint, uuid) is
    'Step: of_seller for the buyer of a deal, of_buyer for its seller. Raises: deal_unknown, '
    'review_own.';
