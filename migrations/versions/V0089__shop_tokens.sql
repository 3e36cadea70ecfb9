-- Programs of a shop: the tokens with which they act, and the shop's own codes of its goods.

create table market_data.shop_tokens (
    id uuid primary key,
    shop_id bigint not null,
    user_id bigint not null,
    name text not null,
    token_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    -- A token acts as the member who made it, and goes with them.
    constraint shop_token_member foreign key (shop_id, user_id)
        references market_data.shop_members (shop_id, user_id) on delete cascade,
    constraint shop_token_hash_unique unique (token_hash),
    constraint token_hash_size check (octet_length(token_hash) = 32),
    constraint token_name_length check (char_length(name) between 1 and 100),
    constraint shop_token_scopes_known
        check (
            scopes <@ array['goods:read', 'goods:write', 'stock:write']
            and cardinality(scopes) > 0),
    -- In hours: a day's length depends on the time zone of the session.
    constraint token_lifetime_limits
        check (expires_at > created_at and expires_at <= created_at + interval '8784 hours')
);

create index shop_tokens_shop_id_user_id_idx on market_data.shop_tokens (shop_id, user_id);
create index shop_tokens_user_id_idx on market_data.shop_tokens (user_id, id);

comment on table market_data.shop_tokens is
    'Tokens of programs that act for a shop, as the member who made them. Only SHA-256 of the '
    'token is kept.';

alter table market_data.listings
    add column code text,
    add constraint listing_code_length check (char_length(code) between 1 and 64),
    add constraint listing_code_of_shop check (code is null or owner_shop_id is not null);

comment on column market_data.listings.code is
    'What the shop itself calls it: its article in the shop''s own books, unique within the shop.';
