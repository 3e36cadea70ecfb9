-- The parts of an export in their order, and the domain that keeps each: it reads it by its helper
-- export_<section>. Not granted: it says nothing of anybody, and an opened export tells it.
create or replace view people.export_sections as
select s.position, s.domain, s.section
from (
    values
        (1, 'people', 'profile'),
        (2, 'people', 'identities'),
        (3, 'people', 'tokens'),
        (4, 'people', 'blocks'),
        (5, 'people', 'exports'),
        (6, 'market', 'shops'),
        (7, 'market', 'shop_invitations'),
        (8, 'market', 'shop_tokens'),
        (9, 'market', 'listings'),
        (10, 'market', 'photos'),
        (11, 'market', 'shop_listings'),
        (12, 'market', 'garage'),
        (13, 'market', 'saved_searches'),
        (14, 'market', 'search_alerts'),
        (15, 'market', 'favourites'),
        (16, 'market', 'reservations'),
        (17, 'market', 'deals'),
        (18, 'market', 'reviews'),
        (19, 'market', 'platform_reviews'),
        (20, 'market', 'flags'),
        (21, 'market', 'contact_clicks'),
        (22, 'market', 'contacts_shown'),
        (23, 'market', 'contact_notices'),
        (24, 'market', 'messages'),
        (25, 'market', 'chat_flags'),
        (26, 'market', 'chat_rights'),
        (27, 'market', 'chat_warnings'),
        (28, 'market', 'chat_mutes'),
        (29, 'notify', 'notices'),
        (30, 'notify', 'events'),
        (31, 'notify', 'muted_topics'),
        (32, 'notify', 'muted_objects'),
        (33, 'notify', 'feed'),
        (34, 'ops', 'acts'),
        (35, 'ops', 'acts_about'),
        (36, 'market', 'promotions'),
        (37, 'notify', 'dialog'),
        (38, 'market', 'star_payments')
) as s (position, domain, section);

comment on view people.export_sections is
    'The parts of what is stored about a person, in the order of the export; each is read by the '
    'helper export_<section> of its domain.';
