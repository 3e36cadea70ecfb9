-- Guarantees: everything that the program noticed in the listing of an item, in the order of
-- weight: flags first. At most 100. Any moderator may look, without a claim. Reads only.
create or replace function market.moderation_hint_list(p_actor bigint, p_item bigint)
returns table (
    hint_id bigint,
    kind text,
    field text,
    excerpt text,
    details jsonb,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');
    if not exists (select from market_data.moderation_items as i where i.id = p_item) then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'moderation_item_unknown',
            message = 'there is no such item in moderation';
    end if;

    return query
    select h.id, h.kind, h.field, h.excerpt, h.details, h.created_at
    from market_data.moderation_hints as h
    where h.item_id = p_item
    order by h.id
    limit 100;
end
$$;

comment on function market.moderation_hint_list(bigint, bigint) is
    'What the program noticed in a listing that waits, or waited: forbidden words, contacts, a '
    'price far from the usual, copies, flags. details depends on the kind. Raises: actor_unknown, '
    'actor_blocked, role_required, moderation_item_unknown.';

grant execute on function market.moderation_hint_list(bigint, bigint) to kardan_api, kardan_bot;
