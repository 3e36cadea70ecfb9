-- Delivery of the outbox: who took what, and how fast anything may be sent.

create table notify_data.leases (
    lease uuid primary key,
    taken_at timestamptz not null,
    ends_at timestamptz not null,
    message_count integer not null
);

-- How many were taken within the last second.
create index leases_taken_at_idx on notify_data.leases (taken_at);

comment on table notify_data.leases is
    'What senders took, a row for each time. The number of a lease is the sender''s: a repeated '
    'call finds it here and gets the same rows. Kept for a day.';
comment on column notify_data.leases.message_count is
    'Messages in it that count against the limit of a second: answers to taps do not.';

-- What a lease still holds.
create index queue_lease_idx on notify_data.queue (lease) where state = 'leased';

comment on table notify_data.holds is
    'To whom nothing is sent for a while: a person, a chat (below zero), or everybody (zero). '
    'Either Telegram said so, or something was sent a moment ago.';

-- Always there: whoever takes something locks it, so that the limit of a second holds for all.
insert into notify_data.holds (recipient, until) values (0, '-infinity');

insert into ops_data.settings (key, value, description, updated_at)
values
    ('outbox.per_second', '25',
        'Messages that are sent within any second, all senders together; 0: no limit.',
        transaction_timestamp()),
    ('outbox.chat_milliseconds', '1000', 'The least time between two messages to one person.',
        transaction_timestamp()),
    ('outbox.group_milliseconds', '3000',
        'The least time between two messages in one group or channel.',
        transaction_timestamp());
