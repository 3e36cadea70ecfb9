-- A conversation with the bot goes on where it was: after a restart, on another machine, and when
-- Telegram tells the same thing twice.

create table notify_data.dialogs (
    user_id bigint primary key references people_data.users (id),
    update_id bigint not null,
    answered_id bigint,
    flow text,
    data jsonb not null default '{}',
    updated_at timestamptz not null,
    constraint dialog_flow_length check (char_length(flow) between 1 and 40),
    constraint dialog_data_is_object check (jsonb_typeof(data) = 'object'),
    constraint dialog_data_size check (pg_column_size(data) <= 65536)
);

create index dialogs_updated_at_idx on notify_data.dialogs (updated_at);

comment on column notify_data.dialogs.update_id is 'The last update that was handled.';
comment on column notify_data.dialogs.answered_id is 'The last one whose answer was sent.';
comment on table notify_data.dialogs is
    'What the bot and a person are at, and the last update of Telegram that was handled for them. '
    'Forgotten after 30 days without a word.';
