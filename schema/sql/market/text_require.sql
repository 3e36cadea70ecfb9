-- A step: a text that everybody will read holds neither forbidden words nor ways to reach somebody.
-- Only its first 4096 characters are looked at; no such text is as long. Locks nothing.
create or replace function market.text_require(p_field text, p_text text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := left(p_text, 4096);
    v_excerpt text;
begin
    select f.excerpt into v_excerpt from market.forbidden_find(v_text) as f limit 1;
    if found then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'text_forbidden_word',
            column = p_field,
            message = 'the text holds a forbidden word',
            detail = v_excerpt;
    end if;
    select c.excerpt into v_excerpt from market.contacts_find(v_text) as c limit 1;
    if found then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'text_contact',
            column = p_field,
            message = 'the text holds a way to reach somebody',
            detail = v_excerpt;
    end if;
end
$$;

comment on function market.text_require(text, text) is
    'Step: a text has neither forbidden words nor contacts; the detail is how it is written there. '
    'Raises: text_forbidden_word, text_contact.';
