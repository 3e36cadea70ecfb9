-- Guarantees: of the extra fields of a listing those that do not suit the definitions of its kind
-- and category, the first offence first. One select. Locks nothing.

create or replace function catalog.attributes_faults(
    p_kind text,
    p_category_id bigint,
    p_attributes jsonb
)
returns table (key text, reason text)
language sql
stable
parallel safe
begin atomic
    select o.key, o.reason
    from (
        select
            coalesce(e.key, g.key) as key,
            e.nearness,
            e.ordinal,
            case
                when e.key is null then 'attribute_unknown'
                when g.key is null then case when e.required then 'attribute_required' end
                when e.type = 'choice' and jsonb_typeof(g.value) = 'string' then
                    case when not exists (
                        select from catalog_data.attribute_choices as c
                        where c.definition_id = e.id and c.value = g.value #>> '{}'
                    ) then 'attribute_choice' end
                else catalog.attribute_problem(
                    e.type, g.value, e.minimum, e.maximum, e.max_length)
            end as reason
        from catalog.attribute_effective(p_kind, p_category_id) as e
        full join jsonb_each(p_attributes) as g (key, value) on g.key = e.key
    ) as o
    where o.reason is not null
    order by o.nearness desc nulls first, o.ordinal, o.key;
end;

comment on function catalog.attributes_faults(text, bigint, jsonb) is
    'Helper: extra fields of a listing that do not suit its kind and category, and why. '
    'Raises: nothing.';
