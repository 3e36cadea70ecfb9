-- Guarantees: forbidden words and contacts in what the seller wrote: title, description, the words
-- of the extra fields, notes on vehicles; words also in the contact's name. Contacts have fields of
-- their own, which are not looked at. Locks nothing.
create or replace function market.moderation_text_hints(p_listing bigint)
returns table (
    kind text,
    field text,
    excerpt text,
    details jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_field text;
    v_text text;
begin
    for v_field, v_text in
        select w.field, w.text
        from market_data.listings as l
        cross join lateral (
            values
                ('title', l.title),
                ('description', l.description),
                ('attributes', (
                    select string_agg(a.value #>> '{}', E'\n')
                    from jsonb_each(l.attributes) as a (key, value)
                    where jsonb_typeof(a.value) = 'string')),
                ('fitments', (
                    select string_agg(f.note, E'\n')
                    from market_data.listing_fitments as f
                    where f.listing_id = l.id)),
                ('contact_name', l.contact_name)
        ) as w (field, text)
        where l.id = p_listing
            and w.text <> ''
    loop
        return query
        select 'forbidden_word', v_field, f.excerpt, jsonb_build_object('word', f.word)
        from market.forbidden_find(v_text) as f;

        return query
        select 'contact', v_field, c.excerpt, jsonb_build_object('contact', c.contact)
        from market.contacts_find(v_text) as c
        where v_field <> 'contact_name';
    end loop;
end
$$;

comment on function market.moderation_text_hints(bigint) is
    'Step: forbidden words (details {word}) and contacts (details {contact}) in the text of a '
    'listing. Raises: nothing.';
