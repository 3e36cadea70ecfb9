-- Guarantees: what the person said beneath listings, in every state, from the first message on.
-- Reads by the index of authors.
create or replace function market.export_messages(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        format('%s|%s', m.sent_at, m.id),
        jsonb_build_object(
            'message_id', m.id, 'listing_id', m.listing_id, 'sent_at', m.sent_at,
            'source', m.source, 'text', m.text, 'reply_to', m.reply_to, 'state', m.state,
            'why', m.why)
    from market_data.chat_messages as m
    where m.author_id = p_user
        and m.sent_at >= coalesce(split_part(p_after, '|', 1)::timestamptz, '-infinity')
        and (p_after is null or (m.sent_at, m.id) > (
            split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::uuid))
    order by m.sent_at, m.id
    limit p_limit;
end;

comment on function market.export_messages(bigint, text, integer) is
    'Helper: what a person said beneath listings, for the export. Raises: nothing.';
