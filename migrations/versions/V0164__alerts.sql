-- What Alertmanager reports reaches administrators through the outbox: an alert is told when it
-- begins to ring and when it ends, however often it is reported.

create table notify_data.alerts (
    fingerprint text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    heard_at timestamptz not null,
    primary key (fingerprint, started_at),
    constraint alert_fingerprint_length check (char_length(fingerprint) between 1 and 100)
);

comment on table notify_data.alerts is
    'Alerts of which Alertmanager reported that they ring or rang. One that begins anew is a row '
    'of its own.';
comment on column notify_data.alerts.fingerprint is 'Stands for the labels of the alert.';
comment on column notify_data.alerts.ended_at is 'Null while it rings.';
comment on column notify_data.alerts.heard_at is 'When it was reported first.';

insert into notify_data.kinds (kind, lane, topic, about)
values ('alert.reported', 'notice', null,
    'Alerts of one group that began to ring or ended, for administrators: {language, firing, '
    'resolved, alerts: [{name, severity, summary, description, runbook, has_ended, started_at, '
    'ended_at}]}, ten at most; the first two count them.');

insert into ops_data.settings (key, value, description, updated_at)
values
    ('alerts.chat', '""',
        'The number of the group or channel of Telegram that is told of alerts, below zero; '
        'anything else: each administrator is told.',
        transaction_timestamp()),
    ('alerts.chat_language', '"ru"', 'The language of alerts in that chat: ru or en.',
        transaction_timestamp());

-- A token that reports alerts does nothing else.
alter table people_data.tokens
    drop constraint token_scopes_known,
    add constraint token_scopes_known
        check (
            scopes <@ array['read', 'write', 'moderate', 'administer', 'alert']
            and cardinality(scopes) > 0);
