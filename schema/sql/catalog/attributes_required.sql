-- Guarantees: the keys of the extra fields that a kind and category ask for. Locks nothing.
create or replace function catalog.attributes_required(p_kind text, p_category_id bigint)
returns text[]
language sql
stable
parallel safe
return (
    select coalesce(array_agg(e.key order by e.key), '{}')
    from catalog.attribute_effective(p_kind, p_category_id) as e
    where e.required
);

comment on function catalog.attributes_required(text, bigint) is
    'Helper: keys of required extra fields. Raises: nothing.';
