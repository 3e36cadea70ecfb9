-- Fills a migrated database with believable listings, quickly: for measurements and plan tests.
--
--     psql -v n=100000 -f bench/fill_listings.sql DATABASE
--
-- Run it as a superuser, on a database of your own: triggers and foreign keys rest meanwhile, so the rows that the
-- triggers would have written (the history and the first price) are written here. The real seeder goes through the
-- product's own functions; this script only has to be fast and lifelike where search looks: words, part numbers, brands
-- and places are drawn with frequencies like 1/rank, each title has words that few others have (a million titles have
-- some eighty thousand words, many of them alike), prices are log-normal about what a thing of its kind costs, 95 of 100
-- listings are published, all over the last year. The same n gives the same rows, but for the times.

\set ON_ERROR_STOP on
\if :{?n}
\else
    \set n 100000
\endif

set client_min_messages = warning;
set session_replication_role = replica;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
set max_parallel_workers_per_gather = 0;
set jit = off;

-- History a year back needs its months. A transaction of its own: partitions that a failed fill leaves harm nobody.
select partman.create_partition_time(
    'market_data.listing_events',
    array(select generate_series(date_trunc('month', now() - interval '13 months'), now(), interval '1 month')))
\g /dev/null

begin;
select setseed(0.19) \g /dev/null

-- What people call the things of a subcategory; the most wanted first. Subcategories that are not here are called by name.
create temporary table fill_words on commit drop as
select w.rank, w.slug, w.ru, w.en
from unnest(
    array[
        'brake-pads', 'oil-filters', 'headlights', 'shock-absorbers', 'bumpers', 'brake-discs', 'air-filters',
        'control-arms', 'wheel-bearings', 'fenders-hoods', 'mirrors', 'engine-oils', 'tyres', 'rims', 'sensors',
        'timing', 'tie-rods', 'clutch', 'ignition', 'bushings-stabilisers', 'radiators', 'doors', 'tail-lights',
        'cabin-filters', 'starters', 'alternators', 'water-pumps', 'fuel-pumps', 'engine-assembly', 'gearboxes',
        'turbochargers', 'control-units', 'injectors', 'calipers', 'springs', 'glass', 'steering-racks', 'cv-joints',
        'fuel-filters', 'belts-rollers', 'gaskets-seals', 'thermostats', 'batteries', 'mats', 'seats', 'catalysts',
        'mufflers', 'cylinder-head', 'pistons-crankshaft', 'engine-mounts', 'abs', 'fog-lights', 'bulbs', 'wipers',
        'body-trim', 'door-trim', 'air-conditioning', 'throttle-bodies', 'egr', 'tow-bars', 'roof-racks', 'antifreeze'],
    array[
        'Колодки тормозные', 'Фильтр масляный', 'Фара', 'Амортизатор', 'Бампер', 'Диск тормозной', 'Фильтр воздушный',
        'Рычаг подвески', 'Подшипник ступицы', 'Крыло', 'Зеркало боковое', 'Масло моторное', 'Шины', 'Диски литые',
        'Датчик', 'Ремень ГРМ', 'Наконечник рулевой тяги', 'Комплект сцепления', 'Катушка зажигания',
        'Стойка стабилизатора', 'Радиатор охлаждения', 'Дверь', 'Фонарь', 'Фильтр салонный', 'Стартер', 'Генератор',
        'Насос водяной', 'Насос топливный', 'Двигатель контрактный', 'Коробка передач', 'Турбина', 'Блок управления',
        'Форсунка топливная', 'Суппорт', 'Пружина подвески', 'Стекло лобовое', 'Рейка рулевая', 'ШРУС наружный',
        'Фильтр топливный', 'Ролик натяжной', 'Прокладка клапанной крышки', 'Термостат', 'Аккумулятор',
        'Коврики салона', 'Сиденье', 'Катализатор', 'Глушитель', 'Головка блока цилиндров', 'Поршень с кольцами',
        'Опора двигателя', 'Датчик АБС', 'Фара противотуманная', 'Лампа галогеновая', 'Щётки стеклоочистителя',
        'Молдинг двери', 'Ручка двери', 'Компрессор кондиционера', 'Заслонка дроссельная', 'Клапан ЕГР', 'Фаркоп',
        'Багажник на крышу', 'Антифриз'],
    array[
        'Brake pads', 'Oil filter', 'Headlight', 'Shock absorber', 'Bumper', 'Brake disc', 'Air filter', 'Control arm',
        'Wheel bearing', 'Fender', 'Side mirror', 'Engine oil', 'Tyres', 'Alloy wheels', 'Sensor', 'Timing belt',
        'Tie rod end', 'Clutch kit', 'Ignition coil', 'Stabiliser link', 'Radiator', 'Door', 'Tail light',
        'Cabin filter', 'Starter motor', 'Alternator', 'Water pump', 'Fuel pump', 'Used engine', 'Gearbox',
        'Turbocharger', 'Control unit', 'Fuel injector', 'Brake caliper', 'Coil spring', 'Windscreen',
        'Steering rack', 'Outer CV joint', 'Fuel filter', 'Tensioner pulley', 'Valve cover gasket', 'Thermostat',
        'Battery', 'Floor mats', 'Seat', 'Catalytic converter', 'Muffler', 'Cylinder head', 'Piston with rings',
        'Engine mount', 'ABS sensor', 'Fog light', 'Halogen bulb', 'Wiper blades', 'Door moulding', 'Door handle',
        'Air conditioning compressor', 'Throttle body', 'EGR valve', 'Tow bar', 'Roof rack', 'Coolant'])
    with ordinality as w (slug, ru, en, rank);

-- level: what such a thing costs beside others, from a fifth of it to five times as much.
create temporary table fill_things on commit drop as
select
    row_number() over (partition by c.kind order by w.rank, md5(c.slug)) as rank,
    c.kind, c.parent_id as category_id, c.id as subcategory_id,
    coalesce(w.ru, c.name_ru) as ru, coalesce(w.en, c.name_en) as en,
    (abs(hashtext(c.slug)) % 1000 / 500.0 - 1) * ln(5.0) as level
from catalog_data.categories as c
left join fill_words as w on w.slug = c.slug
where c.parent_id is not null
    and c.archived_at is null;

create temporary table fill_vehicles on commit drop as
select
    row_number() over (order by md5(k.slug || m.slug || g.id::text)) as rank,
    g.id as generation_id, g.year_from, coalesce(g.year_to, 2025) as year_to,
    k.name || ' ' || m.name as en,
    case when g.id % 3 = 0 then k.name_ru || ' ' || m.name_ru else k.name || ' ' || m.name end as ru, g.name
from catalog_data.generations as g
join catalog_data.models as m on m.id = g.model_id
join catalog_data.makes as k on k.id = m.make_id;

create temporary table fill_brands on commit drop as
select row_number() over (order by md5(b.slug)) as rank, b.id, b.name
from catalog_data.brands as b
where b.kind in ('part', 'both');

create temporary table fill_places on commit drop as
select row_number() over (order by p.population desc, p.id) as rank, p.id
from catalog_data.places as p;

-- Part numbers: one pool of all, an eighth as many as listings; those of the cross references are the most wanted.
create temporary table fill_numbers on commit drop as
select row_number() over (order by r.known desc, md5(r.number)) as rank, r.number
from (
    select true as known, x.from_number as number from catalog_data.part_crosses as x
    union
    select true, x.to_number from catalog_data.part_crosses as x
    union
    select false, case i % 5
        when 0 then lpad(((i::bigint * 48271) % 99991)::text, 5, '0') || '-' || lpad((i * 7 % 99999)::text, 5, '0')
        when 1 then '0 986 ' || lpad((i * 13 % 1000)::text, 3, '0') || ' ' || lpad((i / 3 % 1000)::text, 3, '0')
        when 2 then upper(substr(md5(i::text), 1, 3)) || ' ' || lpad((i * 31 % 1000)::text, 3, '0') || ' '
            || lpad((i / 7 % 1000)::text, 3, '0') || chr(65 + i % 26)
        when 3 then chr(65 + i % 26) || 'W ' || (600 + i % 400)::text || '/' || (i / 5 % 1000)::text
        else 'GDB' || lpad((i * 17 % 100000)::text, 5, '0')
    end
    from generate_series(1, greatest(:n / 8, 100)) as i
) as r;

-- The words of a language that few titles have, as many as titles of that number have them: roots of the trade with
-- what stands before and behind them, so that many look alike, and common words with a letter missing or doubled, as
-- people write them. The first are what sellers really say most often.
create temporary table fill_tail on commit drop as
with said (language, words) as (
    values
        ('ru', array[
            'оригинал', 'новый', 'контрактный', 'комплект', 'усиленный', 'передний', 'задний', 'левый', 'правый',
            'верхний', 'нижний', 'аналог', 'гарантия', 'япония', 'германия', 'корея', 'турция', 'китай', 'польша',
            'оцинкованный', 'чёрный', 'белый', 'серый', 'серебристый', 'синий', 'красный', 'хром', 'тюнинг', 'спорт',
            'дорестайлинг', 'рестайлинг', 'механика', 'автомат', 'вариатор', 'дизель', 'бензин', 'гибрид', 'турбо',
            'ксенон', 'галоген', 'светодиодный', 'электрический', 'подогрев', 'омыватель', 'корректор', 'кронштейн',
            'крепление', 'накладка', 'заглушка', 'уплотнитель', 'сальник', 'патрубок', 'шланг', 'трубка', 'провод',
            'разъём', 'реле', 'предохранитель', 'моторчик', 'привод', 'шестерня', 'втулка', 'сайлентблок', 'шаровая',
            'пыльник', 'отбойник', 'бачок', 'крышка', 'корпус', 'поддон', 'коллектор', 'распредвал', 'коленвал']),
        ('en', array[
            'genuine', 'new', 'used', 'rebuilt', 'kit', 'heavy', 'front', 'rear', 'left', 'right', 'upper', 'lower',
            'assembly', 'housing', 'bracket', 'cover', 'sport', 'performance', 'chrome', 'black', 'white', 'silver',
            'diesel', 'petrol', 'hybrid', 'turbo', 'automatic', 'manual', 'xenon', 'halogen', 'heated', 'electric',
            'bushing', 'gasket', 'hose', 'pipe', 'relay', 'fuse', 'motor', 'gear', 'seal', 'boot', 'cap', 'tank'])
),
parts (language, heads, roots, tails) as (
    values
        ('ru',
            string_to_array(', авто, аэро, био, вибро, гидро, дву, евро, квадро, микро, мини, много, моно, мото, одно, '
                'поли, полу, противо, пневмо, само, спец, супер, тепло, термо, тех, трёх, турбо, ультра, электро, экстра',
                ', '),
            string_to_array('амортиз, балансир, бендикс, бур, вакуум, вентил, винт, волг, впуск, выхлоп, газ, генер, '
                'держа, диагност, дроссел, жгут, зажим, защёлк, зеркал, игольч, инжект, камер, капот, карбюр, кардан, '
                'клапан, колод, конденс, корзин, корон, кулис, ламп, лонжер, люк, магнит, манжет, масл, муфт, нагрев, '
                'направл, насос, обвод, обтек, опор, охлад, очист, панел, педал, перекл, подвес, подшип, полуос, порог, '
                'порш, прокл, пружин, ради, разда, распыл, регул, резист, резон, рейл, рессор, ролик, рул, рыч, свеч, '
                'сепар, сигнал, сирен, скоб, спиц, стабил, стартер, ступиц, суппорт, тахом, термос, тормоз, трос, '
                'трубк, тяг, упор, фиксат, фильтр, форсун, хомут, цапф, цилиндр, шайб, шаров, шин, шкив, шпильк, шток, '
                'шторк, щит, якор', ', '),
            string_to_array('атор, ация, очный, овой, ник, ка, ки, ок, ный, ная, ные, ированный, ник, ище, тель, '
                'тельный, ство, чик, щик, ень, ник, иум, ит, иновый, еватель, ометр, озащита, одержатель, осъёмник',
                ', ')),
        ('en',
            string_to_array(', auto, bio, hydro, micro, mini, mono, moto, multi, poly, power, pro, quick, super, tech, '
                'thermo, tri, turbo, ultra, uni, vari, x', ', '),
            string_to_array('arm, axle, beam, blade, bolt, brak, cam, carb, clip, clutch, coil, cool, crank, damp, '
                'drive, duct, dyn, fan, filt, flex, flow, flux, fork, frict, gauge, glid, grip, heat, hub, ignit, jet, '
                'knob, lamp, latch, link, lock, lub, mount, nozz, pad, pist, plug, pump, rack, rad, rail, ring, rod, '
                'rot, sens, shaft, shock, spin, spring, strut, switch, therm, torq, valv, vent, wheel, wip', ', '),
            string_to_array('er, or, ing, ex, ix, on, ette, line, max, tec, tron, matic, star, parts, works, flow, '
                'gear, shield, lock, master, pro, set, kit, ator, ion', ', '))
),
made as (
    select p.language, h.head || r.root || t.tail as word
    from parts as p
    cross join unnest(p.heads) as h (head)
    cross join unnest(p.roots) as r (root)
    cross join unnest(p.tails) as t (tail)
    union
    select f.language, case when k.at % 2 = 0
        then left(f.word, k.at / 2 + 1) || substr(f.word, k.at / 2 + 3)
        else left(f.word, k.at / 2 + 2) || substr(f.word, k.at / 2 + 2) end
    from (
        select 'ru' as language, w.word from fill_words as f, regexp_split_to_table(lower(f.ru), ' ') as w (word)
        union
        select 'en', w.word from fill_words as f, regexp_split_to_table(lower(f.en), ' ') as w (word)
    ) as f
    cross join lateral generate_series(0, 2 * char_length(f.word) - 5) as k (at)
    where char_length(f.word) >= 5
)
select o.language, row_number() over (partition by o.language order by o.said, md5(o.word)) as rank, o.word
from (
    select s.language, w.word, w.at as said from said as s cross join unnest(s.words) with ordinality as w (word, at)
    union all
    select m.language, m.word, null from made as m
) as o;
delete from fill_tail as t
where t.rank > 100 + power(:n, 0.82) * case t.language when 'ru' then 0.8 else 0.25 end;

create temporary table fill_engines on commit drop as
select row_number() over (order by md5(e.code || e.id)) as rank, e.code, round(e.displacement_cc / 1000.0, 1) as litres
from catalog_data.engines as e
where e.displacement_cc > 0;

create temporary table fill_attributes on commit drop as
select
    t.subcategory_id, d.key, d.type, d.required, coalesce(d.minimum, 1) as minimum,
    coalesce(d.maximum, 1000) as maximum, array(
        select o.value from catalog_data.attribute_choices as o where o.definition_id = d.id order by o.ordinal
    ) as choices
from fill_things as t
cross join lateral catalog.attribute_effective(t.kind, t.subcategory_id) as e
join catalog_data.attribute_definitions as d on d.id = e.id;

-- Sellers: one for fifteen listings, one shop for a hundred; one seller of two hundred is blocked.
create temporary table fill_sellers on commit drop as
with made as (
    insert into people_data.users (role, display_name, language, created_at, updated_at)
    select 'user',
        (array['Алексей', 'Мария', 'Дмитрий', 'Ольга', 'Руслан', 'Anna', 'Игорь', 'Тимур', 'Elena', 'Пётр'])[1 + i % 10]
            || ' ' || chr(1040 + i % 28) || '.',
        case when i % 10 in (5, 8) then 'en' else 'ru' end, now() - interval '400 days', now() - interval '400 days'
    from generate_series(1, greatest(:n / 15, 10)) as i
    returning id)
select row_number() over (order by m.id) as rank, m.id from made as m;

insert into people_data.bans (user_id, reason, until, created_at)
select s.id, 'Spam', 'infinity', now() - interval '1 day'
from fill_sellers as s
where s.rank % 200 = 7;

create temporary table fill_shops on commit drop as
with made as (
    insert into market_data.shops (name, description, place_id, created_by, created_at, updated_at)
    select format('Запчасти %s-%s', chr(1040 + s.rank::integer % 28), s.id), 'Склад и магазин запчастей.', p.id, s.id,
        now() - interval '390 days', now() - interval '390 days'
    from fill_sellers as s
    join fill_places as p on p.rank = 1 + s.rank % 40
    where s.rank <= greatest(:n / 100, 2)
    returning id, created_by)
select row_number() over (order by m.id) as rank, m.id, m.created_by from made as m;

insert into market_data.shop_members (shop_id, user_id, role, joined_at)
select s.id, s.created_by, 'owner', now() - interval '390 days'
from fill_shops as s;

-- The dice, thrown once for every listing. floor(m ^ u) has the frequencies 1/rank over 1 … m - 1.
create temporary table fill_dice on commit drop as
select
    i, nextval('market_data.listings_id_seq') as id, t.kind,
    floor(power(t.things + 1, random()))::bigint as thing, floor(power(t.vehicles + 1, random()))::bigint as vehicle,
    floor(power(t.brands + 1, random()))::bigint as brand, floor(power(t.places + 1, random()))::bigint as place,
    floor(power(t.numbers + 1, random()))::bigint as number, floor(power(t.sellers + 1, random()))::bigint as seller,
    floor(power(t.russian + 1, random()))::bigint as russian, floor(power(t.english + 1, random()))::bigint as english,
    floor(power(t.engines + 1, random()))::bigint as engine, random() as detail,
    1 + floor(random() * t.shops)::bigint as shop, random() < 0.5 as of_shop, random() as language, random() as shape,
    random() as state, random() as spelling, random() as money, random() as extra,
    sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as gauss,
    now() - interval '366 days' + interval '363 days' * (i::float8 / :n) as created_at,
    interval '10 minutes' + interval '40 hours' * power(random(), 3) as waited
from generate_series(1, :n) as i
cross join lateral (
    select case when i % 20 = 0 then 'car' when i % 20 = 7 then 'service' else 'part' end as kind
) as k
cross join lateral (
    select k.kind,
        (select count(*) from fill_things as f where f.kind = k.kind) as things,
        (select count(*) from fill_vehicles) as vehicles, (select count(*) from fill_brands) as brands,
        (select count(*) from fill_places) as places, (select count(*) from fill_numbers) as numbers,
        (select count(*) from fill_sellers) as sellers, (select count(*) from fill_shops) as shops,
        (select count(*) from fill_tail as w where w.language = 'ru') as russian,
        (select count(*) from fill_tail as w where w.language = 'en') as english,
        (select count(*) from fill_engines) as engines
) as t;

create temporary table fill_extra on commit drop as
select d.id, jsonb_object_agg(a.key, case a.type
    when 'choice' then to_jsonb(a.choices[1 + floor(random() * cardinality(a.choices))::integer])
    when 'boolean' then to_jsonb(random() < 0.5)
    when 'text' then to_jsonb(upper(substr(md5(d.id::text || a.key), 1, case when a.key like '%vin' then 17 else 4 end)))
    else to_jsonb(floor(a.minimum + (least(a.maximum, a.minimum + 300000) - a.minimum) * power(random(), 2)))
    end) as attributes
from fill_dice as d
join fill_things as t on t.kind = d.kind and t.rank = d.thing
join fill_attributes as a on a.subcategory_id = t.subcategory_id
where a.required or random() < 0.3
group by d.id;

-- GIN indexes are made several times as fast afterwards as row by row.
create temporary table fill_indexes on commit drop as
select x.schemaname, x.indexname, x.indexdef
from pg_indexes as x
where x.schemaname = 'market_data' and x.tablename in ('listings', 'search_entries')
    and x.indexdef like '% USING gin %';

do $$
declare
    v_index record;
begin
    for v_index in select x.schemaname, x.indexname from fill_indexes as x loop
        execute format('drop index %I.%I', v_index.schemaname, v_index.indexname);
    end loop;
end
$$;

insert into market_data.listings (
    id, kind, status, owner_user_id, owner_shop_id, created_by, changed_by, title, description, category_id,
    subcategory_id, brand_id, brand_label, part_number, condition, place_id, attributes, currency, price_minor,
    wholesale_price_minor, wholesale_min_quantity, stock_quantity, contact_name, contact_phone, rejection_reason,
    created_at, updated_at, published_at)
select
    d.id, d.kind, s.status, case when not d.of_shop then u.id end, case when d.of_shop then h.id end,
    case when d.of_shop then h.created_by else u.id end, case when d.of_shop then h.created_by else u.id end,
    left(case
        when d.kind = 'car' then concat_ws(', ', v.en || ' ' || v.name, v.year_from + d.i % 5, t.ru)
        when d.kind = 'service' then concat_ws(' ', t.ru, (array['на заказ', 'недорого', 'под ключ'])[1 + d.i % 3])
        when d.language < 0.2 then concat_ws(' ',
            t.en, (array['front', 'rear', 'left', 'right', 'genuine', null])[1 + floor(d.shape * 6)::integer],
            b.name, v.en, case when d.detail < 0.4 then y.word end,
            case when d.detail between 0.3 and 0.5 then g.litres::text when d.detail > 0.9 then g.code end,
            case when d.spelling < 0.5 then n.number end)
        else concat_ws(' ',
            t.ru,
            (array['передние', 'задние', 'левый', 'правый', 'оригинал', 'новый', null, null])[
                1 + floor(d.shape * 8)::integer],
            b.name, 'на', v.ru, v.name, case when d.detail < 0.4 then x.word end,
            case when d.detail between 0.3 and 0.5 then g.litres::text when d.detail > 0.9 then g.code end,
            case when d.spelling < 0.5 then n.number end)
    end, 150),
    concat_ws(' ',
        case when d.language < 0.2 then 'Fits ' || v.en || ' ' || v.name || ', ' || v.year_from || '–' || v.year_to || '.'
            else 'Подходит на ' || v.ru || ' ' || v.name || ', ' || v.year_from || '–' || v.year_to || ' годов.' end,
        (array['В наличии на складе.', 'Отправка в день заказа.', 'Снято с рабочей машины.', 'Проверено на стенде.',
            'Гарантия две недели.', 'Возможен обмен.', 'Cash or card.', 'Shipping worldwide.', 'Торг уместен.',
            'Звоните в рабочее время.', null, null])[1 + floor(d.extra * 12)::integer],
        (array['Без сколов и царапин.', 'Есть потёртости.', 'Complete set, ready to install.', 'Состояние на фото.',
            'Упаковка заводская.', 'Скидка постоянным покупателям.', null])[1 + d.i % 7],
        case when d.detail > 0.6 then initcap(x.word) || '.' end),
    t.category_id, t.subcategory_id, case when d.kind = 'part' then b.id end,
    case when d.kind = 'part' then b.name else '' end,
    case when d.kind <> 'part' then ''
        when d.spelling < 0.4 then n.number
        when d.spelling < 0.6 then replace(n.number, ' ', '')
        when d.spelling < 0.8 then lower(replace(n.number, ' ', '-'))
        when d.spelling < 0.9 then translate(n.number, 'ABCEHKMOPTX', 'АВСЕНКМОРТХ')
        else '' end,
    case when d.kind = 'service' then 'new' else (array['new', 'used', 'used', 'rebuilt'])[
        1 + floor(power(d.shape, 1.5) * 4)::integer] end,
    p.id, coalesce(e.attributes, '{}'),
    case when d.money < 0.97 then 'RUB' when d.money < 0.98 then 'KZT' when d.money < 0.99 then 'BYN' else 'USD' end,
    m.price, case when d.extra < 0.1 then m.price * 9 / 10 end, case when d.extra < 0.1 then 5 + d.i % 20 end,
    case when s.status = 'sold' then 0 when d.kind = 'car' then 1 else 1 + d.i % 12 end,
    'Продавец', '+7 900 ' || lpad((d.i % 1000)::text, 3, '0') || '-00-00',
    case when s.status = 'rejected' then 'other' end, d.created_at, w.at,
    case when s.status in ('published', 'sold', 'archived') then w.at end
from fill_dice as d
join fill_things as t on t.kind = d.kind and t.rank = d.thing
join fill_vehicles as v on v.rank = d.vehicle
join fill_brands as b on b.rank = d.brand
join fill_places as p on p.rank = d.place
join fill_numbers as n on n.rank = d.number
join fill_sellers as u on u.rank = d.seller
join fill_shops as h on h.rank = d.shop
join fill_tail as x on x.language = 'ru' and x.rank = d.russian
join fill_tail as y on y.language = 'en' and y.rank = d.english
join fill_engines as g on g.rank = d.engine
left join fill_extra as e on e.id = d.id
cross join lateral (
    select case
        when d.state < 0.95 then 'published' when d.state < 0.965 then 'sold' when d.state < 0.975 then 'archived'
        when d.state < 0.985 then 'draft' when d.state < 0.993 then 'pending' else 'rejected' end as status
) as s
cross join lateral (
    select 1000 * greatest(1, round(exp(
        case d.kind when 'car' then 11.3 when 'service' then 6 else 5.5 + t.level end
            + case when d.kind = 'part' then 0.8 else 1.1 end * d.gauss)::numeric))::bigint as price
) as m
cross join lateral (
    select d.created_at + case when s.status = 'draft' then interval '0' else d.waited end as at
) as w
order by d.i;

insert into market_data.listing_fitments (listing_id, generation_id, year_from, year_to, added_by, created_at)
select l.id, v.generation_id,
    case when d.extra < 0.2 then v.year_from end, case when d.extra < 0.2 then least(v.year_from + 3, v.year_to) end,
    l.changed_by, l.created_at
from fill_dice as d
join market_data.listings as l on l.id = d.id
cross join generate_series(0, 1) as k
join fill_vehicles as v on v.rank = d.vehicle + k
where d.kind = 'part'
    and d.shape < 0.6 / (k + 1)
order by l.id;

select market_data.search_entries_store(0, 9223372036854775807) \g /dev/null

do $$
declare
    v_definition text;
begin
    for v_definition in select x.indexdef from fill_indexes as x loop
        execute v_definition;
    end loop;
end
$$;

-- What the triggers would have written.
insert into market_data.listing_events (listing_id, at, event, from_status, to_status, actor_id)
select l.id, s.at, s.event, s.from_status, s.to_status, l.changed_by
from fill_dice as d
join market_data.listings as l on l.id = d.id
cross join lateral (
    values
        (l.created_at, 'created', null, 'draft', true),
        (l.created_at + interval '5 minutes', 'submitted', 'draft', 'pending', l.status <> 'draft'),
        (l.updated_at, 'published', 'pending', 'published', l.published_at is not null),
        (l.updated_at, 'rejected', 'pending', 'rejected', l.status = 'rejected'),
        (l.updated_at + interval '1 hour', 'sold', 'published', 'sold', l.status = 'sold'),
        (l.updated_at + interval '1 hour', 'archived', 'published', 'archived', l.status = 'archived')
) as s (at, event, from_status, to_status, happened)
where s.happened
order by s.at;

insert into market_data.listing_prices (
    listing_id, at, currency, price_minor, wholesale_price_minor, wholesale_min_quantity, changed_by)
select l.id, l.created_at, l.currency, l.price_minor, l.wholesale_price_minor, l.wholesale_min_quantity, l.changed_by
from fill_dice as d
join market_data.listings as l on l.id = d.id
order by l.id;

insert into market_data.search_words (word)
select distinct w.word
from fill_dice as d
join market_data.listings as l on l.id = d.id
cross join unnest(market_data.title_words(l.title || ' ' || l.brand_label)) as w (word)
where l.status = 'published'
on conflict do nothing;

insert into market_data.moderation_items (listing_id, kind, submitted_at, submitted_by)
select l.id, l.kind, l.updated_at, l.changed_by
from fill_dice as d
join market_data.listings as l on l.id = d.id
where l.status = 'pending';

commit;

set session_replication_role = origin;
-- Also empties the waiting lists of the GIN indexes, as autovacuum would.
vacuum (analyze) market_data.listings, market_data.search_entries, market_data.listing_fitments, market_data.listing_prices,
    market_data.listing_events, market_data.moderation_items, market_data.search_words,
    people_data.users, people_data.bans, market_data.shops;
