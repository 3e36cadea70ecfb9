-- A slow address shall hold up itself alone: what is under way is counted for each address.

create index webhook_deliveries_leased_idx on notify_data.webhook_deliveries (webhook_id)
where state = 'leased';

-- A misspelt kind would never be told, and nobody would know why.
alter table notify_data.webhooks
    add constraint webhook_types_shape check (
        types = '{}'
        or array_to_string(types, ',', '?') ~ '^[a-z]+\.[a-z_]+(,[a-z]+\.[a-z_]+)*$');
