-- A person who was erased: a number without a name, for deals and reviews to refer to.

alter table people_data.users add column erased_at timestamptz;

-- Histories are append only, but for one thing: words of a person who is erased. The transaction
-- that does it says so; roles of applications can say it too, and cannot write to any table.
create function ops_data.is_erasing()
returns boolean
language sql
stable
return coalesce(
    current_setting('kardan.erasing', true) = pg_current_xact_id_if_assigned()::text, false);

comment on function ops_data.is_erasing() is 'Whether this transaction erases a person.';

create or replace function ops_data.history_is_append_only()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and ops_data.is_erasing() then
        return new;
    end if;
    raise exception using
        errcode = 'ZCONF',
        constraint = 'history_is_append_only',
        message = format('%I.%I is append only', tg_table_schema, tg_table_name);
end
$$;

create or replace function market_data.deal_terms_guard()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- What a deal is called is a word of the seller; what it costs never changes.
    if ops_data.is_erasing()
        and (new.id, new.listing_id, new.buyer_id, new.seller_user_id, new.seller_shop_id,
            new.quantity, new.currency, new.unit_price_minor, new.total_minor, new.created_at)
            is not distinct from
            (old.id, old.listing_id, old.buyer_id, old.seller_user_id, old.seller_shop_id,
            old.quantity, old.currency, old.unit_price_minor, old.total_minor, old.created_at)
    then
        return new;
    end if;
    raise exception using
        errcode = 'ZCONF',
        constraint = 'deal_terms_frozen',
        message = 'what a deal is about and what it costs does not change';
end
$$;
