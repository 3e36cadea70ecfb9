-- Guarantees: the word is forbidden, from the next submission on; hints of what waits already stay
-- as they are until it is edited. Idempotent by nature: a word with the same stem, or the same
-- exact word in another spelling, is answered as it is.
create or replace function market.forbidden_word_add(
    p_actor bigint,
    p_word text,
    p_form text
)
returns table (
    word_id bigint,
    word text,
    form text,
    added_by bigint,
    created_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_word constant text := lower(btrim(p_word));
    v_id bigint;
begin
    perform people.actor_require(p_actor, 'admin');

    insert into market_data.forbidden_words as w (word, form, added_by, created_at)
    values (v_word, p_form, p_actor, ops.clock_now())
    on conflict on constraint forbidden_word_taken do nothing
    returning w.id into v_id;
    if v_id is not null then
        perform ops.audit_write(
            p_actor, 'forbidden_word.add', 'forbidden_word', v_id::text,
            jsonb_build_object('word', v_word, 'form', p_form));
    end if;

    return query
    select w.id, w.word, w.form, w.added_by, w.created_at
    from market_data.forbidden_words as w
    where w.script = market_data.word_script(v_word)
        and w.form = p_form
        and w.key = market_data.forbidden_key(v_word, p_form);
end
$$;

comment on function market.forbidden_word_add(bigint, text, text) is
    'An administrator forbids a word of 3 to 40 letters of one alphabet; form stem: in every form '
    'that has its stem, exact: in this form only. Raises: actor_unknown, actor_blocked, '
    'role_required, forbidden_word_shape, forbidden_form_known.';

grant execute on function market.forbidden_word_add(bigint, text, text) to kardan_api, kardan_bot;
