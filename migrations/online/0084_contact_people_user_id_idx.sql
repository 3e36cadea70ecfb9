-- index: market_data.contact_people_user_id_idx
create index concurrently if not exists contact_people_user_id_idx
    on market_data.contact_people (user_id, listing_id);
