-- Guarantees: true for whoever may see the inside of a listing in every state: its people, and
-- moderators.
create or replace function market.listing_reader(p_actor bigint, p_listing bigint)
returns boolean
language sql
stable
parallel safe
return market.listing_insider(p_actor, p_listing) or people.actor_has_role(p_actor, 'moderator');

comment on function market.listing_reader(bigint, bigint) is
    'Helper: whether a person may see the inside of a listing: its owner, a member of its shop, a '
    'moderator. Raises: nothing.';
