-- A step: the rules of a channel are these, given side by side; 0 or null stands for any. Tells
-- whether that changes anything. A rule that stays keeps its number. The caller has locked the
-- channel.
create or replace function market.channel_rules_store(
    p_channel bigint,
    p_categories bigint[],
    p_places bigint[],
    p_regions bigint[]
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_less boolean;
    v_is_more boolean;
begin
    if coalesce(cardinality(p_categories), 0) > 100
        or coalesce(cardinality(p_categories), 0) <> coalesce(cardinality(p_places), 0)
        or coalesce(cardinality(p_categories), 0) <> coalesce(cardinality(p_regions), 0)
    then
        raise exception using
            errcode = 'ZINVL', constraint = 'channel_rules_uneven',
            message = 'at most 100 rules, each with a category, a place and a region';
    end if;

    delete from market_data.channel_rules as r
    where r.channel_id = p_channel
        and not exists (
            select
            from unnest(p_categories, p_places, p_regions) as w (category, place, region)
            where (nullif(w.category, 0), nullif(w.place, 0), nullif(w.region, 0))
                is not distinct from (r.category_id, r.place_id, r.region_place_id));
    v_is_less := found;

    insert into market_data.channel_rules (channel_id, category_id, place_id, region_place_id)
    select p_channel, nullif(w.category, 0), nullif(w.place, 0), nullif(w.region, 0)
    from unnest(p_categories, p_places, p_regions)
        with ordinality as w (category, place, region, number)
    order by w.number
    on conflict on constraint channel_rule_once do nothing;
    v_is_more := found;
    return v_is_less or v_is_more;
end
$$;

comment on function market.channel_rules_store(bigint, bigint[], bigint[], bigint[]) is
    'Step: the rules of a channel are these; tells whether that is news. Raises: '
    'channel_rules_uneven, channel_rule_place_or_region, channel_rule_category_known, '
    'channel_rule_place_known, channel_rule_region_known.';
