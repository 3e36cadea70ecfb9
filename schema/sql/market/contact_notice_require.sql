-- A step: a message to those who saw the contacts may go out: the listing is or was for sale, the
-- text holds no forbidden word, and the last message was long enough ago. The caller has locked the
-- listing, so of two messages at one moment the second sees the first.
create or replace function market.contact_notice_require(
    p_listing bigint,
    p_status text,
    p_text text
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_word constant text := (
        select f.excerpt
        from market.forbidden_find(left(p_text, 500)) as f
        order by f.excerpt
        limit 1);
    v_next constant timestamptz := (
        select max(n.sent_at)
        from market_data.contact_notices as n
        where n.listing_id = p_listing
    ) + make_interval(secs => ops.setting_integer('contacts.notice_seconds', 86400));
begin
    if p_status not in ('published', 'reserved', 'sold') then
        raise exception using
            errcode = 'ZCONF', constraint = 'contact_notice_state',
            message = 'only who sells or has sold something writes to those who asked for it',
            detail = p_status;
    end if;
    if v_word is not null then
        raise exception using
            errcode = 'ZINVL', constraint = 'contact_notice_forbidden',
            message = 'the text has a forbidden word',
            detail = v_word;
    end if;
    if v_next > v_now then
        raise exception using
            errcode = 'ZLIMT', constraint = 'contact_notice_soon',
            message = 'the last message was a short while ago',
            hint = ceil(extract(epoch from v_next - v_now))::bigint::text;
    end if;
end
$$;

comment on function market.contact_notice_require(bigint, text, text) is
    'Step: a seller may write to those who saw the contacts. The hint of contact_notice_soon is '
    'the seconds until then. Raises: contact_notice_state, contact_notice_forbidden, '
    'contact_notice_soon.';
