-- The settings that this version knows, with what they start as.

insert into ops_data.settings (key, value, description, updated_at)
values
    ('moderation.lease_seconds', '900', 'How long a moderator holds a claimed listing.',
        transaction_timestamp());
