-- Guarantees: words of published titles that begin like the last word of a query, the commonest
-- first. Two letters are the least. Locks nothing.

create or replace function market.search_complete(p_query text, p_limit integer)
returns table (word text, listings bigint)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_last constant text := substring(
        translate(lower(left(coalesce(p_query, ''), 200)), 'ё', 'е') from '([[:alpha:]]+)$');
begin
    if char_length(v_last) < 2 then
        return;
    end if;
    return query
    select k.word, k.listings
    from market_data.search_words as k
    where k.word like v_last || '%'
    order by k.listings desc, k.word
    limit least(greatest(coalesce(p_limit, 10), 1), 20);
end
$$;

comment on function market.search_complete(text, integer) is
    'Words that the last word of a query may become, 1 to 20 (10). Raises: nothing.';

grant execute on function market.search_complete(text, integer) to kardan_api, kardan_bot;
