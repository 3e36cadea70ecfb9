-- A step: a category that is not there would be wanted or excluded in vain, and nobody would know
-- why. Reads the catalogue.
create or replace function market.promotion_categories_require(p_categories bigint[])
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_unknown bigint;
begin
    v_unknown := (
        select w.id
        from unnest(p_categories) as w (id)
        where not exists (select from catalog.category_get(w.id) as c)
        limit 1);
    if v_unknown is not null then
        raise exception using
            errcode = 'ZINVL', constraint = 'promotion_category_unknown',
            message = 'there is no such category', detail = v_unknown::text;
    end if;
end
$$;

comment on function market.promotion_categories_require(bigint[]) is
    'Step: lets only categories of the catalogue be wanted or excluded. Raises: '
    'promotion_category_unknown.';
