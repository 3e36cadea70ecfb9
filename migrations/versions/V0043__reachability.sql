-- Whom Telegram lets the bot write to, and how long it wants to be left alone.

alter table people_data.identities add column unreachable_at timestamptz;

comment on column people_data.identities.unreachable_at is
    'Since when messages do not arrive: the person has blocked the bot, never started it, or is '
    'gone. Null when they do, as far as anybody knows.';

create table notify_data.holds (
    recipient bigint primary key,
    until timestamptz not null
);

comment on table notify_data.holds is
    'To whom nothing is sent for a while, because Telegram said so: a person, a chat (below zero), '
    'or everybody (zero).';
