-- The common chat of a listing: what is said, who may delete it, who may say nothing.

-- A lookup by such an id needs only the partition of its moment.
create function ops_data.uuid_v7_time(p_id uuid)
returns timestamptz
language sql
immutable
strict
parallel safe
return to_timestamp(
    ('x' || left(replace(p_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0::float8);

comment on function ops_data.uuid_v7_time(uuid) is
    'The moment that a UUID of version 7 carries, to the millisecond.';

create table market_data.chats (
    listing_id bigint primary key references market_data.listings (id),
    is_on boolean,
    switched_by bigint references people_data.users (id),
    is_off_by_moderator boolean not null default false,
    first_message_at timestamptz,
    last_message_at timestamptz,
    told_at timestamptz,
    read_at timestamptz,
    constraint chat_times_whole check ((first_message_at is null) = (last_message_at is null)),
    constraint chat_times_ordered check (first_message_at <= last_message_at)
) with (fillfactor = 80);

create index chats_switched_by_idx on market_data.chats (switched_by)
    where switched_by is not null;

comment on table market_data.chats is
    'The common chat of a listing, as soon as somebody has said or switched something. Its row is '
    'what two messages at one moment wait for.';
comment on column market_data.chats.is_on is
    'Null: as the setting chat.is_on says.';
comment on column market_data.chats.first_message_at is
    'Between it and last_message_at lies every message: no other month is read.';
comment on column market_data.chats.told_at is
    'When the people of the listing were told of a message last, and read_at, when one of them '
    'read or wrote here last.';

create table market_data.chat_messages (
    id uuid not null,
    sent_at timestamptz not null,
    listing_id bigint not null,
    source text not null,
    author_id bigint,
    author_telegram_id bigint,
    author_name text,
    text text not null,
    reply_to uuid,
    state text not null default 'visible',
    why text,
    changed_at timestamptz,
    changed_by bigint,
    primary key (sent_at, id),
    constraint chat_message_source_known check (source in ('api', 'web', 'bot', 'telegram')),
    constraint chat_message_author_is_one check (num_nonnulls(author_id, author_telegram_id) = 1),
    constraint chat_message_stranger_has_name
        check ((author_telegram_id is null) = (author_name is null)),
    -- In Telegram people also send pictures without a word.
    constraint chat_message_text_length check (
        char_length(text) between (case when source = 'telegram' then 0 else 1 end) and 4096),
    constraint chat_message_state_known check (state in ('visible', 'hidden', 'deleted')),
    constraint chat_message_why_known check (
        case state
            when 'visible' then why is null
            when 'hidden' then why in ('off', 'muted', 'blocked', 'words', 'flags')
            else why is not null
        end),
    constraint chat_message_deleted_whole
        check (state <> 'deleted' or num_nonnulls(changed_at, changed_by) = 2),
    constraint chat_message_why_length check (char_length(why) between 1 and 500)
) partition by range (sent_at);

comment on table market_data.chat_messages is
    'What people said beneath listings, on the site and in Telegram: kept for ever, a partition a '
    'month. The id carries the time, so a message is found in one partition. No foreign keys: who '
    'says something waits for nobody, and the listing of a row never goes.';
comment on column market_data.chat_messages.author_telegram_id is
    'Somebody in Telegram without an account here, or a channel (below zero); with author_name.';
comment on column market_data.chat_messages.state is
    'hidden: stored and shown to nobody, because the chat was off, the author muted or blocked, '
    'the text holds what is forbidden, or enough people flagged it. deleted: by changed_by, and '
    'why says the reason.';

create index chat_messages_shown_idx
    on market_data.chat_messages (listing_id, sent_at, id) where state = 'visible';
create index chat_messages_hidden_idx
    on market_data.chat_messages (listing_id, sent_at, id) where state <> 'visible';
create index chat_messages_author_idx
    on market_data.chat_messages (author_id, sent_at) where author_id is not null;

select ops_data.partition_set_create('market_data.chat_messages', 'sent_at', '1 month', 4, null);

create table market_data.chat_copies (
    chat_id bigint not null,
    telegram_message_id bigint not null,
    sent_at timestamptz not null,
    message_id uuid not null,
    primary key (chat_id, telegram_message_id, sent_at),
    constraint chat_copy_numbers check (chat_id < 0 and telegram_message_id > 0)
) partition by range (sent_at);

comment on table market_data.chat_copies is
    'Where a message stands in Telegram: in the group where it was written, and in those where it '
    'was repeated. The same message of Telegram is taken once, by its key.';
comment on column market_data.chat_copies.sent_at is 'The time of the message, not of the copy.';

create index chat_copies_message_idx on market_data.chat_copies (message_id, sent_at);

select ops_data.partition_set_create('market_data.chat_copies', 'sent_at', '1 month', 4, null);

create table market_data.chat_rights (
    id bigint generated by default as identity primary key,
    user_id bigint not null references people_data.users (id),
    listing_id bigint references market_data.listings (id),
    until timestamptz not null,
    granted_by bigint not null references people_data.users (id),
    granted_at timestamptz not null,
    revoked_by bigint references people_data.users (id),
    revoked_at timestamptz,
    constraint chat_right_until_is_later check (until > granted_at),
    constraint chat_right_revoked_whole check ((revoked_by is null) = (revoked_at is null))
);

comment on table market_data.chat_rights is
    'Who may delete messages of others, in one chat or everywhere (listing null), until when '
    '(infinity: until revoked). The past stays.';

create unique index chat_right_once on market_data.chat_rights (user_id, listing_id)
    nulls not distinct where revoked_at is null;
create index chat_rights_user_id_idx on market_data.chat_rights (user_id, id);
create index chat_rights_listing_id_idx on market_data.chat_rights (listing_id)
    where listing_id is not null;
create index chat_rights_granted_by_idx on market_data.chat_rights (granted_by);
create index chat_rights_revoked_by_idx on market_data.chat_rights (revoked_by)
    where revoked_by is not null;

create table market_data.chat_mutes (
    id bigint generated by default as identity primary key,
    user_id bigint references people_data.users (id),
    telegram_id bigint,
    listing_id bigint references market_data.listings (id),
    message_id uuid not null,
    until timestamptz not null,
    reason text not null,
    muted_by bigint not null references people_data.users (id),
    muted_at timestamptz not null,
    lifted_by bigint references people_data.users (id),
    lifted_at timestamptz,
    constraint chat_mute_of_one check (num_nonnulls(user_id, telegram_id) = 1),
    constraint chat_mute_until_is_later check (until > muted_at),
    constraint chat_mute_reason_length check (char_length(reason) between 3 and 500),
    constraint chat_mute_lifted_whole check ((lifted_by is null) = (lifted_at is null))
);

comment on table market_data.chat_mutes is
    'Who may say nothing, in one chat or everywhere (listing null), until when (infinity: until '
    'lifted), and because of which message. The past stays.';

create index chat_mutes_user_id_idx on market_data.chat_mutes (user_id, id)
    where user_id is not null;
create index chat_mutes_telegram_id_idx on market_data.chat_mutes (telegram_id, id)
    where telegram_id is not null;
create index chat_mutes_listing_id_idx on market_data.chat_mutes (listing_id)
    where listing_id is not null;
create index chat_mutes_muted_by_idx on market_data.chat_mutes (muted_by);
create index chat_mutes_lifted_by_idx on market_data.chat_mutes (lifted_by)
    where lifted_by is not null;

create table market_data.chat_warnings (
    id bigint generated by default as identity primary key,
    user_id bigint references people_data.users (id),
    telegram_id bigint,
    listing_id bigint not null references market_data.listings (id),
    message_id uuid not null,
    reason text not null,
    warned_by bigint not null references people_data.users (id),
    warned_at timestamptz not null,
    constraint chat_warning_of_one check (num_nonnulls(user_id, telegram_id) = 1),
    constraint chat_warning_once unique (message_id),
    constraint chat_warning_reason_length check (char_length(reason) between 3 and 500)
);

comment on table market_data.chat_warnings is
    'Warnings of moderators, one for a message at most.';

create index chat_warnings_user_id_idx on market_data.chat_warnings (user_id, id)
    where user_id is not null;
create index chat_warnings_telegram_id_idx on market_data.chat_warnings (telegram_id, id)
    where telegram_id is not null;
create index chat_warnings_listing_id_idx on market_data.chat_warnings (listing_id);
create index chat_warnings_warned_by_idx on market_data.chat_warnings (warned_by);

create table market_data.chat_flags (
    id bigint generated by default as identity primary key,
    message_id uuid not null,
    listing_id bigint not null references market_data.listings (id),
    user_id bigint not null references people_data.users (id),
    reason text not null,
    note text not null default '',
    weight smallint not null,
    created_at timestamptz not null,
    closed_at timestamptz,
    outcome text,
    closed_by bigint references people_data.users (id),
    constraint chat_flag_reason_known check (reason in ('spam', 'prohibited', 'rude', 'fraud')),
    constraint chat_flag_note_length check (char_length(note) <= 1000),
    constraint chat_flag_weight_known check (weight in (0, 1)),
    constraint chat_flag_outcome_known check (outcome in ('dismissed', 'upheld')),
    constraint chat_flag_closed_whole check (
        (closed_at is null) = (outcome is null) and (closed_at is null) = (closed_by is null))
);

comment on table market_data.chat_flags is
    'Who says that something is wrong with a message; open until a moderator decides on it.';

create unique index chat_flag_open_once on market_data.chat_flags (message_id, user_id)
    where closed_at is null;
create index chat_flags_message_idx on market_data.chat_flags (message_id, id);
create index chat_flags_user_id_idx on market_data.chat_flags (user_id, created_at);
create index chat_flags_open_idx on market_data.chat_flags (id) where closed_at is null;
create index chat_flags_listing_id_idx on market_data.chat_flags (listing_id);
create index chat_flags_closed_by_idx on market_data.chat_flags (closed_by)
    where closed_by is not null;

insert into notify_data.topics (topic, title_ru, title_en, position)
values ('chats', 'Обсуждения объявлений', 'Talk about listings', 7);

insert into notify_data.kinds (kind, lane, topic, about)
values
    ('chat.message', 'notice', 'chats',
        'Somebody wrote beneath a listing of mine: {listing_id, shop_id, user_id, title, '
        'message_id, name, text}.'),
    ('chat.reply', 'notice', 'chats', 'Somebody answered what I wrote: the same.'),
    ('chat.warning', 'notice', null,
        'A moderator warns about a message: {listing_id, title, message_id, reason, count}.'),
    ('chat.muted', 'notice', null,
        'A moderator lets somebody say nothing: {listing_id, title, message_id, reason, until}; '
        'listing_id null: everywhere, until null: until it is lifted.'),
    ('chat.mirror', 'channel', null,
        'A message of a chat is repeated in a group: {message_id, listing_id, language, '
        'root_message_id, reply_to, name, is_seller, text}; reply_to is a message there or null.'),
    ('chat.delete', 'reply', null,
        'Messages are deleted in a group: {message_ids, delete_until, message_id}.');

insert into ops_data.settings (key, value, description, updated_at)
values
    ('chat.is_on', '1', 'Whether people may talk beneath a listing that says nothing else; 0: no.',
        transaction_timestamp()),
    ('chat.minute_count', '10', 'Messages that one person may write within a minute.',
        transaction_timestamp()),
    ('chat.notice_seconds', '3600',
        'Seconds after which a seller is told of a chat again although nobody has read it.',
        transaction_timestamp()),
    ('chat.hide_count', '3', 'Flags of so many people hide a message until a moderator looks.',
        transaction_timestamp()),
    ('chat.flag_daily_count', '20', 'Flags of messages that one person may raise within 24 hours.',
        transaction_timestamp());
