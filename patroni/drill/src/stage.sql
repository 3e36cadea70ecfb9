-- What clients of a drill work on. Without a constraint that would hide a duplicate, and with few enough accounts that
-- transfers meet.
begin;
drop schema if exists drill cascade;
create schema drill;

create table drill.inserts (id bigint not null);

create table drill.accounts (id integer primary key, balance bigint not null default 0);
insert into drill.accounts (id) select generate_series(1, 20);

create table drill.transfers (
    key bigint primary key,
    giver integer not null references drill.accounts,
    taker integer not null references drill.accounts,
    amount bigint not null check (amount > 0)
);

create table drill.counter (value bigint not null);
insert into drill.counter values (0);

-- Which leader answers: each promotion begins a timeline.
create function drill.timeline() returns integer
language sql stable
return ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;

-- W1: a number that nobody else inserts.
create function drill.insert(p_id bigint) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into drill.inserts (id) values (p_id);
    return drill.timeline();
end
$$;

-- W2: a transfer that is done once, however often it is asked for.
create function drill.transfer(p_key bigint, p_giver integer, p_taker integer, p_amount bigint) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into drill.transfers (key, giver, taker, amount)
    values (p_key, p_giver, p_taker, p_amount)
    on conflict do nothing;
    if found then
        -- In the order of their numbers, or two transfers would wait for each other; and not `for update`, which would wait
        -- for the key locks that the transfers of others hold by their foreign keys.
        perform from drill.accounts as a where a.id in (p_giver, p_taker) order by a.id for no key update;
        update drill.accounts as a
        set balance = a.balance + case when a.id = p_giver then -p_amount else p_amount end
        where a.id in (p_giver, p_taker);
    end if;
    return drill.timeline();
end
$$;

-- W4: the next value.
create function drill.tick(out value bigint, out timeline integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update drill.counter as c set value = c.value + 1 returning c.value into tick.value;
    tick.timeline := drill.timeline();
end
$$;

-- W4: the value as a replica sees it.
create function drill.seen() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
as 'select c.value from drill.counter as c';

grant usage on schema drill to kardan_api;
revoke execute on all functions in schema drill from public;
grant execute on function drill.insert, drill.transfer, drill.tick, drill.seen to kardan_api;
commit;
