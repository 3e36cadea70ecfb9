-- A step: whoever changes a listing has read it as it is. Null: nothing is compared.
create or replace function market.listing_version_require(p_given integer, p_present integer)
returns void
language plpgsql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_given <> p_present then
        raise exception using
            errcode = 'ZSTAL',
            constraint = 'version_stale',
            message = 'the listing was changed meanwhile';
    end if;
end
$$;

comment on function market.listing_version_require(integer, integer) is
    'Step: the version that was read must be the present one. Raises: version_stale.';
