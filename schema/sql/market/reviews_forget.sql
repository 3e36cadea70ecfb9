-- A step of erasure: the words of a person leave reviews, answers, cancelled deals and what they
-- said of the platform, and what a moderator wrote of such a review goes too; the stars stay, so
-- that everything adds up as before. Idempotent. Locks the rows that change.
create or replace function market.reviews_forget(p_user bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    update market_data.deals as d
    set reason = '...'
    where d.changed_by = p_user
        and d.reason <> '...';
    update market_data.reviews as r
    set text = '',
        hidden_reason = case when r.hidden_reason is not null then '...' end
    where r.author_id = p_user
        and (r.text <> '' or r.hidden_reason <> '...');
    update market_data.reviews as r
    set answer = null
    where r.answered_by = p_user
        and r.answer is not null;
    update market_data.platform_reviews as p
    set text = ''
    where p.user_id = p_user
        and p.text <> '';
end
$$;

comment on function market.reviews_forget(bigint) is
    'Step: takes the words of a person out of deals and reviews; what they counted for stays. '
    'Raises: nothing.';
