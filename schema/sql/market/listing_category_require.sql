-- A step: nothing new is offered in a category that was put away. That there is such a category, of
-- this kind, with this subcategory, is a matter of foreign keys. Locks nothing.
create or replace function market.listing_category_require(p_category bigint, p_subcategory bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from (values (p_category), (p_subcategory)) as w (id)
        cross join lateral catalog.category_get(w.id) as c
        where c.archived_at is not null
    ) then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'listing_category_closed',
            message = 'nothing new is offered in this category';
    end if;
end
$$;

comment on function market.listing_category_require(bigint, bigint) is
    'Step: the category and subcategory of a listing are in use. Raises: listing_category_closed.';
