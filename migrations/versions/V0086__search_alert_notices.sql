-- What saved searches find is told as notices.

insert into notify_data.topics (topic, title_ru, title_en, position)
values ('searches', 'Сохранённые поиски: новые находки', 'Saved searches: what is new', 8);

insert into notify_data.kinds (kind, lane, topic, about)
values (
    'search.found', 'notice', 'searches',
    'A saved search found something: {saved_search_id, name, count, listings: [{listing_id, title, '
    'currency, price_minor, cover_key}]}, ten at most.');
