-- A step: refuses what cannot be a VIN and gives the one spelling of what can. The message names no
-- character of it: a VIN is personal, and messages are logged. A check digit is demanded only where
-- the law of its country does. Locks nothing.

create or replace function catalog.vin_require(p_vin text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_vin constant text := catalog.vin_normalise(coalesce(p_vin, ''));
    -- the place of the first character that no VIN has; behind its end when there is none
    v_place constant integer :=
        char_length(v_vin) - char_length(ltrim(v_vin, 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789')) + 1;
begin
    if v_place <= char_length(v_vin) then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'vin_character',
            message = 'a VIN has no such character',
            detail = format('position %s', v_place);
    end if;
    if char_length(v_vin) <> 17 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'vin_length',
            message = 'a VIN has 17 characters',
            detail = format('%s characters', char_length(v_vin));
    end if;
    if substr(v_vin, 9, 1) <> catalog.vin_check_digit(v_vin)
        and (select o.uses_check_digit from catalog.vin_origin(v_vin) as o)
    then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'vin_check_digit',
            message = 'the check digit of the VIN does not agree with the rest',
            detail = 'position 9';
    end if;
    return v_vin;
end
$$;

comment on function catalog.vin_require(text) is
    'Step: the one spelling of a VIN. Raises: vin_length, vin_character, vin_check_digit.';
