-- A browser is signed in by the bot: it shows a link and a number, the person opens the link in
-- Telegram and says which of three numbers the browser shows, and the browser has its session.

create table people_data.sign_in_links (
    link_hash bytea constraint sign_in_link_unique primary key,
    secret_hash bytea not null,
    device text not null,
    code integer not null,
    decoys integer[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    user_id bigint references people_data.users (id),
    answered_at timestamptz,
    is_granted boolean not null default false,
    constraint sign_in_secret_unique unique (secret_hash),
    constraint sign_in_link_hash_size
        check (octet_length(link_hash) = 32 and octet_length(secret_hash) = 32),
    constraint sign_in_link_device_length check (char_length(device) between 1 and 100),
    constraint sign_in_link_answer_has_person check ((user_id is null) = (answered_at is null)),
    constraint sign_in_link_granted_is_answered check (not is_granted or user_id is not null)
);

create index sign_in_links_expires_at_idx on people_data.sign_in_links (expires_at);
create index sign_in_links_user_id_idx on people_data.sign_in_links (user_id)
where user_id is not null;

comment on table people_data.sign_in_links is
    'Browsers that wait for their person to confirm them in the bot. Only SHA-256 of the link and '
    'of the browser''s secret is kept; a used link is deleted.';

-- An account elsewhere is named by who vouches for it and its number there.
alter table people_data.identities drop constraint identity_subject_length;
alter table people_data.identities add constraint identity_subject_length
    check (char_length(subject) between 1 and 600);
update people_data.identities
set subject = 'https://issuer.invalid ' || subject
where provider = 'oidc'
    and subject !~ '^https?://\S+ \S';
alter table people_data.identities add constraint identity_oidc_subject_has_issuer
    check (provider <> 'oidc' or subject ~ '^https?://\S+ \S');
