-- Guarantees: the forbidden words in the order they were added, in pages. Reads only.
create or replace function market.forbidden_word_list(
    p_actor bigint,
    p_limit integer,
    p_after bigint
)
returns table (
    word_id bigint,
    word text,
    form text,
    added_by bigint,
    created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_require(p_actor, 'moderator');

    return query
    select w.id, w.word, w.form, w.added_by, w.created_at
    from market_data.forbidden_words as w
    where w.id > coalesce(p_after, 0)
    order by w.id
    limit least(greatest(coalesce(p_limit, 20), 1), 100);
end
$$;

comment on function market.forbidden_word_list(bigint, integer, bigint) is
    'Forbidden words for moderators, 1 to 100 at a time (20), after the given one: form stem '
    'means every form of the word, exact only this one; added_by is null for those of the start. '
    'Raises: actor_unknown, actor_blocked, role_required.';

grant execute on function market.forbidden_word_list(bigint, integer, bigint)
    to kardan_api, kardan_bot;
