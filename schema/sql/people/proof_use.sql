-- A step: uses a signed proof up. Locks its row: of two calls with one proof at once the second
-- waits and is refused.
create or replace function people.proof_use(
    p_proof_hash bytea,
    p_user bigint,
    p_now timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into people_data.sign_ins (proof_hash, user_id, used_at)
    values (p_proof_hash, p_user, p_now)
    on conflict on constraint sign_ins_pkey do nothing;
    if not found then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'sign_in_replayed',
            message = 'the signed proof was used already';
    end if;
end
$$;

comment on function people.proof_use(bytea, bigint, timestamptz) is
    'Uses a signed proof up. Raises: sign_in_replayed, sign_in_proof_size.';
