-- The browser's side of a sign-in by the bot: it asks with its secret until the person has
-- answered. Guarantees: one session a link, however many ask at once. Locks the link's row.
create or replace function people.session_create_link(
    p_secret_hash bytea,
    p_token_hash bytea,
    p_scopes text[],
    p_ttl_seconds integer,
    p_device text
)
returns table (
    user_id bigint,
    token_id uuid,
    expires_at timestamptz,
    is_new boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := ops.clock_now();
    v_link bytea;
    v_user bigint;
    v_is_granted boolean;
begin
    select l.link_hash, l.user_id, l.is_granted
    into v_link, v_user, v_is_granted
    from people_data.sign_in_links as l
    where l.secret_hash = p_secret_hash
        and l.expires_at > v_now
    for update;
    if not found then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'sign_in_link_over',
            message = 'the link was used, or its time is over';
    elsif v_user is null then
        return;
    elsif not v_is_granted then
        raise exception using
            errcode = 'ZAUTH',
            constraint = 'sign_in_link_refused',
            message = 'the person did not confirm the browser';
    end if;

    delete from people_data.sign_in_links as l where l.link_hash = v_link;
    return query
    select v_user, t.token_id, t.expires_at, false
    from people.token_store(
        v_user, 'session', people.device_clean(p_device, 'Browser'), p_scopes, p_token_hash,
        p_ttl_seconds, v_now) as t;
end
$$;

comment on function people.session_create_link(bytea, bytea, text[], integer, text) is
    'A session for a browser that its person confirmed in the bot; no row while there is no '
    'answer. Raises: sign_in_link_over, sign_in_link_refused, token_hash_unique, token_hash_size, '
    'token_scopes_known, token_lifetime_limits.';

grant execute on function people.session_create_link(bytea, bytea, text[], integer, text)
to kardan_api;
