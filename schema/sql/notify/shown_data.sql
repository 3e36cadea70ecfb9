-- Guarantees: the data of a row as its reader needs it: with the text of its broadcast in the
-- reader's language, which lies in one place and not in every row.
create or replace function notify.shown_data(p_kind text, p_data jsonb, p_language text)
returns jsonb
language sql
stable
parallel safe
return case
    when p_kind = 'broadcast' then p_data || coalesce(
        (
            select jsonb_build_object(
                'text', case p_language when 'ru' then b.text_ru else b.text_en end)
            from notify_data.broadcasts as b
            where b.id = (p_data ->> 'broadcast_id')::bigint
        ),
        '{}')
    else p_data
end;

comment on function notify.shown_data(text, jsonb, text) is
    'Helper: the data of a row with the text of its broadcast. Raises: nothing.';
