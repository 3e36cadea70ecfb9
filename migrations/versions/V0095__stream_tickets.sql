-- What a browser shows instead of a token where it can send no header: once, and for half a minute.

create table people_data.tickets (
    ticket_hash bytea constraint ticket_hash_unique primary key,
    token_id uuid not null references people_data.tokens (id) on delete cascade,
    expires_at timestamptz not null,
    constraint ticket_hash_size check (octet_length(ticket_hash) = 32)
);

create index tickets_token_id_idx on people_data.tickets (token_id);

comment on table people_data.tickets is
    'Tickets for one stream each, made with a token. Only SHA-256 of the ticket is kept.';
