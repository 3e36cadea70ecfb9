-- A step: tells the next thousand people of a message, and marks how far it has come. Whoever saw
-- the contacts after the message was sent is not meant, and neither are the people of the listing.
-- Tells how many people it went through: fewer than a thousand, and the message is finished. The
-- caller has locked the message. A batch that is told again tells nobody twice.
create or replace function market.contact_notice_advance(p_notice bigint)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_notice record;
    v_people bigint[];
    v_told integer;
begin
    select
        n.listing_id, n.sent_at, n.told_until,
        jsonb_build_object(
            'listing_id', n.listing_id, 'shop_id', l.owner_shop_id, 'user_id', l.owner_user_id,
            'title', n.title, 'text', n.text) as data
    into v_notice
    from market_data.contact_notices as n
    join market_data.listings as l on l.id = n.listing_id
    where n.id = p_notice;

    v_people := array(
        select k.user_id
        from market_data.contact_people as k
        where k.listing_id = v_notice.listing_id
            and k.user_id > v_notice.told_until
            and k.first_at <= v_notice.sent_at
            and k.user_id <> all (market.listing_insiders(v_notice.listing_id))
        order by k.user_id
        limit 1000);
    v_told := notify.tell(
        v_people, 'contact.notice', 'contact_notice:' || p_notice, v_notice.sent_at, v_notice.data);

    update market_data.contact_notices as n
    set told = n.told + v_told,
        told_until = coalesce(v_people[cardinality(v_people)], n.told_until),
        finished_at = case when cardinality(v_people) < 1000 then ops.clock_now() end
    where n.id = p_notice;
    return cardinality(v_people);
end
$$;

comment on function market.contact_notice_advance(bigint) is
    'Step: tells the next batch of people what a seller wrote. Raises: nothing.';
