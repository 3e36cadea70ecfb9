-- A step: what is told to a program goes by TLS, unless the operator lets shops do without. Reads
-- the settings.
create or replace function notify.webhook_url_require(p_url text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_url ~* '^http:' and ops.setting_integer('webhooks.http', 0) = 0 then
        raise exception using
            errcode = 'ZINVL', constraint = 'webhook_url_https',
            message = 'the address must begin with https://';
    end if;
end
$$;

comment on function notify.webhook_url_require(text) is
    'Step: lets only addresses by TLS be kept. Raises: webhook_url_https.';
