-- Guarantees: the stretch of prices that a facet puts a price into: 100 to 199, 200 to 499, 500 to 999
-- and so on in hundredths, below 100 one stretch. Its bounds can be sent back as price_min and
-- price_max. Inlines.

create or replace function market.search_price_step(p_price_minor bigint)
returns text
language sql
immutable
parallel safe
return case
    when p_price_minor < 100 then '0-99'
    else (
        select concat(
            case when p.lead < 2 then 1 when p.lead < 5 then 2 else 5 end * p.power, '-',
            case when p.lead < 2 then 2 when p.lead < 5 then 5 else 10 end * p.power - 1)
        from (
            select d.power, p_price_minor / d.power as lead
            from (
                select (10 ^ (length(p_price_minor::text) - 1))::bigint as power
            ) as d
        ) as p)
end;

comment on function market.search_price_step(bigint) is
    'Helper: the stretch of prices, as its least and greatest price in hundredths with a dash '
    'between them. Raises: nothing.';
