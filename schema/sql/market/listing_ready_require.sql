-- A step: a listing has everything that it needs before others see it. Locks nothing; the caller
-- has locked the listing.
create or replace function market.listing_ready_require(p_listing bigint)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kind text;
    v_category bigint;
    v_subcategory bigint;
    v_attributes jsonb;
    v_stock integer;
begin
    select l.kind, l.category_id, l.subcategory_id, l.attributes, l.stock_quantity
    into v_kind, v_category, v_subcategory, v_attributes, v_stock
    from market_data.listings as l
    where l.id = p_listing;

    perform market.listing_contact_require(p_listing);
    if v_stock = 0 then
        raise exception using
            errcode = 'ZINVL',
            constraint = 'listing_stock_required',
            message = 'there is nothing to sell';
    end if;
    perform market.listing_category_require(v_category, v_subcategory);
    perform catalog.attributes_check(v_kind, v_subcategory, v_attributes);
end
$$;

comment on function market.listing_ready_require(bigint) is
    'Step: a listing has a contact, pieces to sell, a category in use and the extra fields that it '
    'asks for. Raises: listing_contact_required, listing_stock_required, listing_category_closed, '
    'attribute_unknown, attribute_required, attribute_type, attribute_range, attribute_choice.';
