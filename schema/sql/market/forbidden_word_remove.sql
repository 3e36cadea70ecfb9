-- Guarantees: the word is not forbidden. Idempotent by state.
create or replace function market.forbidden_word_remove(p_actor bigint, p_word bigint)
returns table (
    word_id bigint,
    removed boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former jsonb;
begin
    perform people.actor_require(p_actor, 'admin');

    delete from market_data.forbidden_words as w
    where w.id = p_word
    returning jsonb_build_object('word', w.word, 'form', w.form) into v_former;
    if v_former is not null then
        perform ops.audit_write(
            p_actor, 'forbidden_word.remove', 'forbidden_word', p_word::text, v_former);
    end if;

    return query select p_word, v_former is not null;
end
$$;

comment on function market.forbidden_word_remove(bigint, bigint) is
    'An administrator allows a word again; removed is false when there was none. Raises: '
    'actor_unknown, actor_blocked, role_required.';

grant execute on function market.forbidden_word_remove(bigint, bigint) to kardan_api, kardan_bot;
