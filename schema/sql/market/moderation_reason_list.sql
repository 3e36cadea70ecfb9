-- Guarantees: the ready reasons in use, in their order; a short list, so without pages. Public.
-- Reads only.
create or replace function market.moderation_reason_list()
returns table (
    code text,
    title_ru text,
    title_en text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select r.code, r.title_ru, r.title_en
    from market_data.moderation_reasons as r
    where r.archived_at is null
    order by r.position, r.code
    limit 100;
end
$$;

comment on function market.moderation_reason_list() is
    'Ready reasons for a rejection, as authors read them. Raises: nothing.';

grant execute on function market.moderation_reason_list() to kardan_api, kardan_bot;
