-- Guarantees: what a check has changed so far, as its author is told: {edits: {field: {from, to}}}.
create or replace function market.moderation_edits(p_item bigint)
returns jsonb
language sql
stable
parallel safe
return (
    select jsonb_build_object('edits', i.edits)
    from market_data.moderation_items as i
    where i.id = p_item
);

comment on function market.moderation_edits(bigint) is
    'Helper: what a check has changed, for the notice to the author. Raises: nothing.';
