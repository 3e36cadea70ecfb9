-- A step: the order is in one of these states. The caller has locked it. Reads only.
create or replace function market.promotion_state_require(p_promotion bigint, p_states text[])
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    v_state := (select p.state from market_data.promotions as p where p.id = p_promotion);
    if v_state <> all (p_states) then
        raise exception using
            errcode = 'ZCONF', constraint = 'promotion_move_illegal',
            message = format('an order that is %s cannot be stopped or let run', v_state),
            detail = v_state;
    end if;
end
$$;

comment on function market.promotion_state_require(bigint, text[]) is
    'Step: the order is in one of these states. Raises: promotion_move_illegal.';
