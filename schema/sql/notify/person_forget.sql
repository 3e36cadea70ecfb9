-- A step of erasure: what a person was told, and what others were told of their listings and deals,
-- keeps its time and kind and loses its words; what still waits for them is not sent. The caller
-- says that it erases. Idempotent. Reads the notices of these people by their index.
create or replace function notify.person_forget(
    p_user bigint,
    p_listings bigint[],
    p_deals uuid[],
    p_told bigint[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from notify_data.queue as q where q.recipient = p_user;
    update notify_data.outbox as o
    set data = '{}', result = null,
        outcome = coalesce(o.outcome, 'cancelled'), done_at = coalesce(o.done_at, ops.clock_now())
    where o.recipient = p_user
        and (o.data <> '{}' or o.outcome is null);
    update notify_data.outbox as o
    -- Of somebody else's listing only the reason is the person's word.
    set data = o.data - case
        when notify.tells_of(o.data, p_listings, '{}') then '{title,text,reason}'::text[]
        else '{reason}'
    end
    where o.recipient = any (p_told)
        and notify.tells_of(o.data, p_listings, p_deals);
    update notify_data.events as e
    set data = '{}'
    where e.user_id = p_user
        and e.data <> '{}';
    update notify_data.events as e
    set data = '{}'
    where e.listing_id = any (p_listings)
        and e.data <> '{}';
    update notify_data.events as e
    set data = jsonb_strip_nulls(
        jsonb_build_object('deal_id', e.data -> 'deal_id', 'listing_id', e.data -> 'listing_id'))
    where e.user_id = any (p_told)
        and (notify.tells_of(e.data, p_listings, p_deals)
            or notify.tells_of(e.data -> 'data', p_listings, p_deals));
    delete from notify_data.feeds as f where f.user_id = p_user;
    delete from notify_data.mutes as m where m.user_id = p_user;
    delete from notify_data.object_mutes as m where m.user_id = p_user;
    delete from notify_data.holds as h where h.recipient = p_user;
    delete from notify_data.dialogs as d where d.user_id = p_user;
end
$$;

comment on function notify.person_forget(bigint, bigint[], uuid[], bigint[]) is
    'Step: takes the words of a person out of notices and events. Raises: nothing.';
