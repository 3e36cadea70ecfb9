-- Guarantees: what a person says beneath a listing is stored, and told to those whom it concerns
-- and to the groups where the listing is talked about; while the chat is off it is stored and
-- hidden. Neither forbidden words nor ways to reach somebody. Locks the chat. A repeat is another
-- message: who may be cut off says under which key it is done once.
create or replace function market.message_post(
    p_actor bigint,
    p_listing bigint,
    p_text text,
    p_reply_to uuid,
    p_source text
)
returns table (
    message_id uuid,
    listing_id bigint,
    sent_at timestamptz,
    author_id bigint,
    author_name text,
    is_seller boolean,
    text text,
    reply_to uuid,
    state text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := btrim(coalesce(p_text, ''));
    v_at timestamptz;
    v_id uuid;
begin
    perform people.actor_require(p_actor, 'user');
    perform market.chat_writer_require(p_actor, p_listing);
    perform market.message_source_require(p_source);
    perform market.text_require('text', v_text);
    perform market.message_room_require(p_actor);
    if p_reply_to is not null and market.message_of_chat(p_listing, p_reply_to) is null then
        raise exception using
            errcode = 'ZINVL', constraint = 'chat_reply_unknown',
            message = 'there is no such message beneath this listing';
    end if;

    perform market.chat_lock(p_listing);
    v_at := ops.clock_now();
    v_id := market.message_store(
        p_listing, v_at, p_source, p_actor, null, null, v_text, p_reply_to,
        case when not market.chat_is_on(p_listing) then 'off' end);
    perform market.message_tell(v_id, null);

    return query
    select w.message_id, w.listing_id, w.sent_at, w.author_id, w.author_name, w.is_seller, w.text,
        w.reply_to, w.state
    from market.message_rows as w
    where w.message_id = v_id
        and w.sent_at = v_at;
end
$$;

comment on function market.message_post(bigint, bigint, text, uuid, text) is
    'A person says something beneath a listing, 1 to 4096 characters; source: api, web or bot. '
    'The state is visible, or hidden while the chat is off. reply_to is null when it answers '
    'nothing. Raises: actor_unknown, actor_blocked, listing_unknown, chat_muted, '
    'chat_message_source_known, text_forbidden_word, text_contact, chat_limit, '
    'chat_reply_unknown, chat_message_text_length.';

grant execute on function market.message_post(bigint, bigint, text, uuid, text)
    to kardan_api, kardan_bot;
