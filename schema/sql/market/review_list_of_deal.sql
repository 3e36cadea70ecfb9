-- Guarantees: the one or two reviews of a deal, hidden ones too, for its two sides; nobody else
-- learns that it exists. Locks nothing.
create or replace function market.review_list_of_deal(p_actor bigint, p_deal uuid)
returns table (
    review_id bigint,
    deal_id uuid,
    direction text,
    subject_user_id bigint,
    subject_shop_id bigint,
    author_id bigint,
    author_name text,
    stars integer,
    text text,
    created_at timestamptz,
    updated_at timestamptz,
    answer text,
    answered_at timestamptz,
    hidden_at timestamptz,
    hidden_reason text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform people.actor_known(p_actor);
    if market.deal_sides(p_actor, p_deal) = '{}' then
        raise exception using
            errcode = 'ZNFND',
            constraint = 'deal_unknown',
            message = 'there is no such deal';
    end if;

    return query
    select
        v.review_id, v.deal_id, v.direction, v.subject_user_id, v.subject_shop_id,
        v.author_id, v.author_name, v.stars, v.text, v.created_at, v.updated_at, v.answer,
        v.answered_at, v.hidden_at, v.hidden_reason
    from market.review_inside as v
    where v.deal_id = p_deal
    order by v.review_id
    limit 2;
end
$$;

comment on function market.review_list_of_deal(bigint, uuid) is
    'The reviews of a deal for its buyer and its seller. Null as in market.review_write. Raises: '
    'actor_unknown, deal_unknown.';

grant execute on function market.review_list_of_deal(bigint, uuid) to kardan_api, kardan_bot;
