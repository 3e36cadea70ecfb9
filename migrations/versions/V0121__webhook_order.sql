-- However much waits for an address that is slow, off or in trouble, whoever asks what is due does
-- not walk through it: only what is first about its thing waits, the rest is behind; each address
-- says when it is to be looked at; and the log is read once for all addresses.

alter table notify_data.webhook_deliveries drop constraint webhook_delivery_state_known;
alter table notify_data.webhook_deliveries
    -- Part of the id that a program is told: an event's number comes again after a restore.
    add column epoch text not null default '',
    add constraint webhook_delivery_state_known
        check (state in ('behind', 'waiting', 'leased', 'done', 'dead')),
    add constraint webhook_delivery_epoch_shape check (epoch ~ '^([0-9a-f]{12})?$');

update notify_data.webhook_deliveries as d
set state = 'behind'
where d.state = 'waiting'
    and exists (
        select
        from notify_data.webhook_deliveries as o
        where o.webhook_id = d.webhook_id
            and o.object_key = d.object_key
            and o.id < d.id
            and o.state in ('waiting', 'leased'));

comment on column notify_data.webhook_deliveries.state is
    'behind: something earlier about the same thing is first; waiting: due at due_at; leased: a '
    'worker has it until due_at; done; dead: given up. Whoever changes it holds the address.';

drop index notify_data.webhook_deliveries_due_idx;
create index webhook_deliveries_due_idx on notify_data.webhook_deliveries (webhook_id, due_at, id)
where state in ('waiting', 'leased');
create index webhook_deliveries_behind_idx
    on notify_data.webhook_deliveries (webhook_id, object_key, id)
where state = 'behind';
-- What is too old, and how much there is.
create index webhook_deliveries_open_idx on notify_data.webhook_deliveries (state, event_at)
where state in ('behind', 'waiting', 'leased');

alter table notify_data.webhooks
    add column is_behind boolean not null default true,
    add column next_at timestamptz,
    set (fillfactor = 70);
update notify_data.webhooks as w set next_at = transaction_timestamp();

comment on column notify_data.webhooks.is_behind is
    'The log has something that may be for it, behind told_xid and told_id.';
comment on column notify_data.webhooks.next_at is
    'When the first delivery may be due; null: there is none.';

create index webhooks_next_at_idx on notify_data.webhooks (next_at)
where disabled_at is null and next_at is not null;
create index webhooks_is_behind_idx on notify_data.webhooks (id)
where disabled_at is null and is_behind;

create table notify_data.webhook_reading (
    is_only boolean primary key default true,
    told_xid bigint not null,
    told_id bigint not null,
    read_at timestamptz not null,
    constraint webhook_reading_is_only check (is_only)
);

comment on table notify_data.webhook_reading is
    'Up to where the log was read for all addresses; one row. Whoever reads on holds it.';

insert into notify_data.webhook_reading (told_xid, told_id, read_at)
values (
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807,
    transaction_timestamp());

create table notify_data.event_lines (
    is_only boolean primary key default true,
    system_id text not null,
    line text not null,
    epoch text not null,
    began_at timestamptz not null,
    readable_since timestamptz not null,
    constraint event_line_is_only check (is_only),
    constraint event_line_epoch_shape check (epoch ~ '^[0-9a-f]{12}$')
);

comment on table notify_data.event_lines is
    'In which line of transaction numbers this database writes; one row. A failover, a restore or '
    'a copy begins another one, with an epoch by chance: two restores of one backup differ.';
comment on column notify_data.event_lines.readable_since is
    'Transaction numbers of events before it are those of another server.';

insert into ops_data.settings (key, value, description, updated_at)
values (
    'webhooks.http', '0',
    'Whether an address of a program of a shop may be http:// (1) or must be https:// (0).',
    transaction_timestamp());
