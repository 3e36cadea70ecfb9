-- Guarantees: what the person wrote of others, and what others answered to them; what was written
-- of the person and what they answered. Who wrote is not told.
create or replace function market.export_reviews(
    p_user bigint,
    p_after text,
    p_limit integer
)
returns table (next_after text, item jsonb)
language sql
stable
parallel safe
begin atomic
    select
        r.id::text,
        jsonb_build_object(
            'review_id', r.id, 'deal_id', r.deal_id, 'direction', r.direction,
            'by_me', r.author_id = p_user, 'stars', r.stars, 'text', r.text,
            'created_at', r.created_at, 'updated_at', r.updated_at, 'answer', r.answer,
            'answered_by_me', coalesce(r.answered_by = p_user, false),
            'answered_at', r.answered_at, 'hidden_at', r.hidden_at,
            'hidden_reason', case when r.author_id = p_user then r.hidden_reason end)
    from market_data.reviews as r
    where (r.author_id = p_user or r.answered_by = p_user or r.subject = p_user)
        and r.id > coalesce(p_after::bigint, 0)
    order by r.id
    limit p_limit;
end;

comment on function market.export_reviews(bigint, text, integer) is
    'Helper: reviews by and of a person, for the export. Raises: nothing.';
