-- Guarantees: rows of a file as statements of fitment: the listing, the generation, years and note
-- of each, or the first reason why it cannot be one. A listing is read only within the target: the
-- given listing (then its cell may be empty), or the listings of the given shop. Whether two
-- statements contradict one another is not looked at here. Locks nothing. Planned for each batch: a
-- plan for any number of rows compares each with every other.

create or replace function market.listing_fitment_read(
    p_listing bigint,
    p_shop bigint,
    p_rows integer[],
    p_listings text[],
    p_makes text[],
    p_models text[],
    p_generations text[],
    p_years_from text[],
    p_years_to text[],
    p_notes text[]
)
returns table (
    place integer,
    row_number integer,
    listing_id bigint,
    generation_id bigint,
    year_from integer,
    year_to integer,
    note text,
    reason text,
    detail text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    return query
    select
        v.place, w.row_number, l.id, v.generation_id, y.year_from, y.year_to, btrim(w.note),
        r.reason, r.detail
    from unnest(p_rows, p_listings, p_years_from, p_years_to, p_notes) with ordinality
        as w (row_number, listing, year_from, year_to, note, place)
    join catalog.vehicle_match(p_makes, p_models, p_generations) as v on v.place = w.place
    cross join lateral (
        select
            case
                when btrim(w.listing) = '' then p_listing
                when btrim(w.listing) ~ '^[0-9]{1,18}$' then btrim(w.listing)::bigint
            end as listing_id,
            case when btrim(w.year_from) ~ '^[0-9]{4}$' then btrim(w.year_from)::integer end
                as year_from,
            case when btrim(w.year_to) ~ '^[0-9]{4}$' then btrim(w.year_to)::integer end
                as year_to
    ) as y
    cross join lateral int4range(v.year_from, v.year_to, '[]') as m (made)
    left join market_data.listings as l
        on l.id = y.listing_id
        and (l.id = p_listing or l.owner_shop_id = p_shop)
    left join lateral (
        select c.reason, c.detail
        from (
            values
                (1, l.id is null, 'fitment_row_listing', btrim(left(w.listing, 40))),
                (2, l.status not in ('draft', 'rejected', 'pending', 'published'),
                    'listing_not_editable', l.status),
                (2, p_shop is not null and exists (
                    select
                    from market_data.moderation_items as i
                    where i.listing_id = l.id
                        and i.closed_at is null
                        and i.claimed_until > ops.clock_now()),
                    'listing_under_review', null),
                (3, v.missing is not null, 'fitment_row_vehicle', v.missing),
                (4, y.year_from is null and btrim(w.year_from) <> '',
                    'fitment_row_year', 'year_from'),
                (5, y.year_to is null and btrim(w.year_to) <> '', 'fitment_row_year', 'year_to'),
                (6, y.year_from > y.year_to, 'listing_fitment_years', null),
                (7, not (m.made @> y.year_from and m.made @> y.year_to),
                    'listing_fitment_outside_generation', concat_ws('-', v.year_from, v.year_to)),
                (8, char_length(btrim(w.note)) > 300, 'listing_fitment_note_length', null)
        ) as c (ordinal, is_broken, reason, detail)
        where c.is_broken
        order by c.ordinal
        limit 1
    ) as r on true
    order by w.place;
end
$$;

comment on function market.listing_fitment_read(
    bigint, bigint, integer[], text[], text[], text[], text[], text[], text[], text[]) is
    'Step: rows of a file as statements of fitment, or why not; years null: the whole '
    'generation. Raises: nothing.';
