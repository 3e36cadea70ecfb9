-- Guarantees: everybody who was ever shown the contacts of the listing is told the text once, but
-- for its own people and whoever has muted it; a second message within the setting
-- contacts.notice_seconds is refused. The first thousand are told at once, the others by a job.
-- Audited. Locks the membership, then the listing. A repeat is refused as one that comes too soon.
create or replace function market.listing_contacts_notify(
    p_actor bigint,
    p_listing bigint,
    p_text text
)
returns table (
    notice_id bigint,
    listing_id bigint,
    text text,
    sent_at timestamptz,
    people integer,
    told integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := btrim(coalesce(p_text, ''));
    v_status text;
    v_people integer;
    v_notice bigint;
begin
    select e.status into v_status from market.listing_editor_require(p_actor, p_listing) as e;
    perform market.contact_notice_require(p_listing, v_status, v_text);
    select count(*) into v_people
    from market_data.contact_people as k
    where k.listing_id = p_listing
        and k.user_id <> all (market.listing_insiders(p_listing));
    if v_people = 0 then
        raise exception using
            errcode = 'ZCONF', constraint = 'contact_notice_nobody',
            message = 'nobody has been shown the contacts yet';
    end if;

    insert into market_data.contact_notices (listing_id, sent_by, sent_at, title, text, people)
    select p_listing, p_actor, ops.clock_now(), l.title, v_text, v_people
    from market_data.listings as l
    where l.id = p_listing
    returning id into v_notice;
    perform market.contact_notice_advance(v_notice);
    perform ops.audit_write(
        p_actor, 'contacts.notify', 'listing', p_listing::text,
        jsonb_build_object('notice_id', v_notice, 'people', v_people));

    return query
    select n.id, n.listing_id, n.text, n.sent_at, n.people, n.told
    from market_data.contact_notices as n
    where n.id = v_notice;
end
$$;

comment on function market.listing_contacts_notify(bigint, bigint, text) is
    'The owner or a member of the shop writes to everybody who was shown the contacts of a listing '
    'that is published, reserved or sold. Tells how many people it is meant for, and how many were '
    'told so far. Raises: actor_unknown, actor_blocked, listing_unknown, listing_not_yours, '
    'contact_notice_state, contact_notice_forbidden, contact_notice_soon, contact_notice_nobody, '
    'contact_notice_text_length.';

grant execute on function market.listing_contacts_notify(bigint, bigint, text)
    to kardan_api, kardan_bot;
