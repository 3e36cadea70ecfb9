-- The starting extra fields of listings. From here on they are an administrator's data.

-- A row is: kind, category (null: all of the kind), order, key, type, unit, labels;
-- hints, required, filterable, least, greatest, longest.
insert into catalog_data.attribute_definitions (
    kind, category_id, ordinal, key, type, unit, label_ru, label_en,
    hint_ru, hint_en, required, filterable, minimum, maximum, max_length
)
select
    d.kind, c.id, d.ordinal, d.key, d.type, d.unit, d.label_ru, d.label_en,
    d.hint_ru, d.hint_en, d.required, d.filterable,
    d.minimum::numeric, d.maximum::numeric, d.max_length::integer
from (
    values
        ('car', null, 10, 'vin', 'text', null, 'VIN', 'VIN',
            'Номер кузова, 17 знаков, как в документах', '17 characters, as in the papers',
            false, false, null, null, 17),
        ('car', null, 20, 'year', 'integer', null, 'Год выпуска', 'Year',
            null, null, true, true, 1900, 2100, null),
        ('car', null, 30, 'mileage_km', 'integer', 'km', 'Пробег', 'Mileage',
            'Километры по одометру', 'Kilometres on the odometer', true, true, 0, 3000000, null),
        ('car', null, 40, 'body', 'choice', null, 'Кузов', 'Body',
            null, null, false, true, null, null, null),
        ('car', null, 50, 'gearbox', 'choice', null, 'Коробка передач', 'Gearbox',
            null, null, false, true, null, null, null),
        ('car', null, 60, 'drive', 'choice', null, 'Привод', 'Drive',
            null, null, false, true, null, null, null),
        ('car', null, 70, 'steering_side', 'choice', null, 'Руль', 'Steering wheel',
            null, null, false, true, null, null, null),
        ('car', null, 80, 'engine', 'text', null, 'Двигатель', 'Engine',
            'Код двигателя, например 2AR-FE', 'The engine code, such as 2AR-FE',
            false, false, null, null, 40),
        ('car', null, 90, 'fuel', 'choice', null, 'Топливо', 'Fuel',
            null, null, false, true, null, null, null),
        ('car', null, 100, 'displacement_cc', 'integer', 'cm3', 'Объём двигателя', 'Displacement',
            null, null, false, true, 50, 20000, null),
        ('car', null, 110, 'power_hp', 'integer', 'hp', 'Мощность', 'Power',
            null, null, false, true, 1, 2500, null),
        ('car', null, 120, 'colour', 'choice', null, 'Цвет', 'Colour',
            null, null, false, true, null, null, null),
        ('car', null, 130, 'owners', 'integer', null, 'Владельцев по ПТС', 'Owners',
            null, null, false, true, 0, 99, null),
        ('car', null, 140, 'title_original', 'boolean', null, 'Оригинал ПТС', 'Original title',
            null, null, false, false, null, null, null),
        ('car', null, 150, 'customs_cleared', 'boolean', null, 'Растаможен', 'Customs cleared',
            null, null, false, true, null, null, null),
        ('car', 'cars-damaged', 10, 'damage', 'choice', null, 'Повреждения', 'Damage',
            null, null, true, true, null, null, null),
        ('car', 'cars-damaged', 20, 'runs', 'boolean', null, 'На ходу', 'Runs',
            null, null, false, true, null, null, null),
        ('car', 'motor-vehicles', 10, 'body', 'choice', null, 'Класс', 'Class',
            null, null, false, true, null, null, null),
        ('part', null, 10, 'side', 'choice', null, 'Сторона', 'Side',
            null, null, false, true, null, null, null),
        ('part', null, 20, 'position', 'choice', null, 'Расположение', 'Position',
            null, null, false, true, null, null, null),
        ('part', null, 30, 'oem', 'boolean', null, 'Оригинал', 'Original part',
            'Деталь производителя автомобиля', 'Made for or by the car maker',
            false, true, null, null, null),
        ('part', null, 40, 'warranty_days', 'integer', 'd', 'Гарантия', 'Warranty',
            null, null, false, false, 0, 3650, null),
        ('part', null, 50, 'donor_vin', 'text', null, 'VIN донора', 'Donor VIN',
            'Для деталей с разбора', 'For parts from dismantling', false, false, null, null, 17),
        ('part', 'tyres', 10, 'tyre_width', 'integer', 'mm', 'Ширина', 'Width',
            null, null, true, true, 50, 500, null),
        ('part', 'tyres', 20, 'tyre_profile', 'integer', '%', 'Профиль', 'Profile',
            null, null, true, true, 20, 100, null),
        ('part', 'tyres', 30, 'tyre_diameter', 'number', 'in', 'Диаметр', 'Diameter',
            null, null, true, true, 8, 30, null),
        ('part', 'tyres', 40, 'tyre_season', 'choice', null, 'Сезон', 'Season',
            null, null, true, true, null, null, null),
        ('part', 'tyres', 50, 'tread_mm', 'number', 'mm', 'Остаток протектора', 'Tread left',
            null, null, false, false, 0, 30, null),
        ('part', 'tyres', 60, 'made_year', 'integer', null, 'Год выпуска', 'Year made',
            null, null, false, true, 1980, 2100, null),
        ('part', 'tyres', 70, 'runflat', 'boolean', null, 'Run Flat', 'Run flat',
            null, null, false, true, null, null, null),
        ('part', 'rims', 10, 'rim_diameter', 'number', 'in', 'Диаметр', 'Diameter',
            null, null, true, true, 8, 30, null),
        ('part', 'rims', 20, 'rim_width', 'number', 'in', 'Ширина обода', 'Rim width',
            null, null, false, true, 2, 16, null),
        ('part', 'rims', 30, 'bolt_pattern', 'text', null, 'Сверловка', 'Bolt pattern',
            'Например 5x114.3', 'Such as 5x114.3', true, true, null, null, 12),
        ('part', 'rims', 40, 'offset_mm', 'number', 'mm', 'Вылет ET', 'Offset ET',
            null, null, false, true, -150, 200, null),
        ('part', 'rims', 50, 'centre_bore_mm', 'number', 'mm',
            'Диаметр отверстия DIA', 'Centre bore',
            null, null, false, false, 30, 300, null),
        ('part', 'rims', 60, 'rim_type', 'choice', null, 'Тип', 'Type',
            null, null, false, true, null, null, null),
        ('part', 'wheel-sets', 10, 'tyre_season', 'choice', null, 'Сезон', 'Season',
            null, null, false, true, null, null, null),
        ('part', 'wheel-sets', 20, 'rim_diameter', 'number', 'in', 'Диаметр', 'Diameter',
            null, null, true, true, 8, 30, null),
        ('part', 'wheel-sets', 30, 'bolt_pattern', 'text', null, 'Сверловка', 'Bolt pattern',
            'Например 5x114.3', 'Such as 5x114.3', false, true, null, null, 12),
        ('part', 'oils-fluids', 10, 'volume_l', 'number', 'l', 'Объём', 'Volume',
            null, null, true, true, 0.01, 1000, null),
        ('part', 'engine-oils', 10, 'viscosity', 'choice', null, 'Вязкость', 'Viscosity',
            null, null, true, true, null, null, null),
        ('part', 'engine-oils', 20, 'oil_base', 'choice', null, 'Основа', 'Base',
            null, null, false, true, null, null, null),
        ('part', 'engine-oils', 30, 'approvals', 'text', null, 'Допуски', 'Approvals',
            'Например ACEA C3, VW 504 00', 'Such as ACEA C3, VW 504 00',
            false, false, null, null, 200),
        ('part', 'transmission-oils', 10, 'oil_purpose', 'choice', null, 'Назначение', 'Purpose',
            null, null, false, true, null, null, null),
        ('part', 'antifreeze', 10, 'coolant_class', 'choice', null, 'Класс', 'Class',
            null, null, false, true, null, null, null),
        ('part', 'batteries', 10, 'capacity_ah', 'integer', 'Ah', 'Ёмкость', 'Capacity',
            null, null, true, true, 1, 500, null),
        ('part', 'batteries', 20, 'cold_start_a', 'integer', 'A',
            'Пусковой ток', 'Cold cranking current',
            null, null, false, true, 10, 3000, null),
        ('part', 'batteries', 30, 'polarity', 'choice', null, 'Полярность', 'Polarity',
            null, null, false, true, null, null, null),
        ('part', 'bulbs', 10, 'bulb_base', 'choice', null, 'Цоколь', 'Base',
            null, null, true, true, null, null, null),
        ('part', 'bulbs', 20, 'voltage', 'choice', null, 'Напряжение', 'Voltage',
            null, null, false, true, null, null, null),
        ('part', 'brake-discs', 10, 'diameter_mm', 'number', 'mm', 'Диаметр', 'Diameter',
            null, null, false, true, 100, 500, null),
        ('part', 'brake-discs', 20, 'ventilated', 'boolean', null, 'Вентилируемый', 'Ventilated',
            null, null, false, true, null, null, null),
        ('part', 'shock-absorbers', 10, 'damper_type', 'choice', null, 'Тип', 'Type',
            null, null, false, true, null, null, null),
        ('part', 'engine-assembly', 10, 'engine_code', 'text', null, 'Код двигателя', 'Engine code',
            'Например 2AR-FE', 'Such as 2AR-FE', true, true, null, null, 40),
        ('part', 'engine-assembly', 20, 'mileage_km', 'integer', 'km', 'Пробег', 'Mileage',
            null, null, false, true, 0, 3000000, null),
        ('part', 'gearboxes', 10, 'gearbox', 'choice', null, 'Тип коробки', 'Gearbox type',
            null, null, true, true, null, null, null),
        ('part', 'gearboxes', 20, 'gearbox_code', 'text', null, 'Код коробки', 'Gearbox code',
            null, null, false, true, null, null, 40),
        ('part', 'gearboxes', 30, 'mileage_km', 'integer', 'km', 'Пробег', 'Mileage',
            null, null, false, true, 0, 3000000, null),
        ('part', 'body', 10, 'colour_code', 'text', null, 'Код краски', 'Paint code',
            null, null, false, true, null, null, 20),
        ('service', null, 10, 'material', 'text', null, 'Материал', 'Material',
            'Из чего делаете', 'What it is made of', false, true, null, null, 100),
        ('service', null, 20, 'lead_time_days', 'integer', 'd', 'Срок изготовления', 'Lead time',
            null, null, true, true, 0, 365, null),
        ('service', null, 30, 'minimum_quantity', 'integer', 'pcs',
            'Наименьшая партия', 'Smallest batch',
            null, null, false, true, 1, 100000, null),
        ('service', null, 40, 'at_customer', 'boolean', null,
            'Выезд к заказчику', 'At the customer''s',
            null, null, false, true, null, null, null),
        ('service', null, 50, 'drawing_needed', 'boolean', null, 'Нужен чертёж', 'Drawing needed',
            null, null, false, false, null, null, null),
        ('service', null, 60, 'delivery', 'boolean', null, 'Отправка по стране', 'Ships by post',
            null, null, false, true, null, null, null),
        ('service', 'metalworking', 10, 'material', 'choice', null, 'Материал', 'Material',
            null, null, true, true, null, null, null),
        ('service', 'metalworking', 20, 'tolerance_mm', 'number', 'mm', 'Точность', 'Tolerance',
            null, null, false, true, 0.001, 10, null),
        ('service', 'printing-3d', 10, 'material', 'choice', null, 'Материал', 'Material',
            null, null, true, true, null, null, null),
        ('service', 'exhaust-making', 10, 'material', 'choice', null, 'Материал', 'Material',
            null, null, false, true, null, null, null),
        ('service', 'exhaust-making', 20, 'pipe_mm', 'number', 'mm',
            'Диаметр трубы', 'Pipe diameter',
            null, null, false, true, 20, 150, null),
        ('service', 'upholstery', 10, 'material', 'choice', null, 'Материал', 'Material',
            null, null, false, true, null, null, null)
) as d (
    kind, category_slug, ordinal, key, type, unit, label_ru, label_en,
    hint_ru, hint_en, required, filterable, minimum, maximum, max_length
)
left join catalog_data.categories as c on c.slug = d.category_slug and c.kind = d.kind;

-- A row is: kind, category, key, choices in order. A choice is: value=label_ru=label_en.
with described (kind, category_slug, key, choices) as (
    values
        ('car', null, 'body',
            'sedan=Седан=Sedan; hatchback=Хэтчбек=Hatchback; liftback=Лифтбек=Liftback; '
            'wagon=Универсал=Station wagon; suv=Внедорожник=SUV; coupe=Купе=Coupe; '
            'convertible=Кабриолет=Convertible; minivan=Минивэн=Minivan; van=Фургон=Van; '
            'pickup=Пикап=Pickup; truck=Грузовик=Truck; bus=Автобус=Bus'),
        ('car', null, 'gearbox',
            'manual=Механика=Manual; automatic=Автомат=Automatic; robot=Робот=Dual clutch; '
            'variator=Вариатор=CVT'),
        ('car', null, 'drive',
            'front=Передний=Front; rear=Задний=Rear; all=Полный=All-wheel'),
        ('car', null, 'steering_side',
            'left=Левый=Left; right=Правый=Right'),
        ('car', null, 'fuel',
            'petrol=Бензин=Petrol; diesel=Дизель=Diesel; hybrid=Гибрид=Hybrid; '
            'electric=Электро=Electric; gas=Газ=Gas'),
        ('car', null, 'colour',
            'white=Белый=White; black=Чёрный=Black; grey=Серый=Grey; '
            'silver=Серебристый=Silver; red=Красный=Red; blue=Синий=Blue; '
            'light_blue=Голубой=Light blue; green=Зелёный=Green; brown=Коричневый=Brown; '
            'beige=Бежевый=Beige; yellow=Жёлтый=Yellow; orange=Оранжевый=Orange; '
            'purple=Фиолетовый=Purple; gold=Золотой=Gold'),
        ('car', 'cars-damaged', 'damage',
            'front=Перед=Front; rear=Зад=Rear; side=Бок=Side; roof=Крыша=Roof; '
            'engine=Двигатель=Engine; fire=Пожар=Fire; flood=Утопленник=Flood'),
        ('car', 'motor-vehicles', 'body',
            'sport=Спортивный=Sport; chopper=Чоппер=Chopper; touring=Туристический=Touring; '
            'enduro=Эндуро=Enduro; naked=Нейкед=Naked; utility=Утилитарный=Utility'),
        ('part', null, 'side',
            'left=Левая=Left; right=Правая=Right; both=Обе=Both'),
        ('part', null, 'position',
            'front=Спереди=Front; rear=Сзади=Rear; upper=Сверху=Upper; lower=Снизу=Lower; '
            'inner=Внутри=Inner; outer=Снаружи=Outer'),
        ('part', 'tyres', 'tyre_season',
            'summer=Летние=Summer; winter_studded=Зимние шипованные=Winter studded; '
            'winter=Зимние нешипованные=Winter studless; all_season=Всесезонные=All-season'),
        ('part', 'rims', 'rim_type',
            'cast=Литые=Cast; forged=Кованые=Forged; steel=Штампованные=Steel'),
        ('part', 'wheel-sets', 'tyre_season',
            'summer=Летние=Summer; winter_studded=Зимние шипованные=Winter studded; '
            'winter=Зимние нешипованные=Winter studless; all_season=Всесезонные=All-season'),
        ('part', 'engine-oils', 'viscosity',
            '0w-16=0W-16=0W-16; 0w-20=0W-20=0W-20; 0w-30=0W-30=0W-30; 0w-40=0W-40=0W-40; '
            '5w-20=5W-20=5W-20; 5w-30=5W-30=5W-30; 5w-40=5W-40=5W-40; 5w-50=5W-50=5W-50; '
            '10w-30=10W-30=10W-30; 10w-40=10W-40=10W-40; 10w-60=10W-60=10W-60; '
            '15w-40=15W-40=15W-40; 20w-50=20W-50=20W-50'),
        ('part', 'engine-oils', 'oil_base',
            'synthetic=Синтетика=Synthetic; semi_synthetic=Полусинтетика=Semi-synthetic; '
            'mineral=Минеральное=Mineral'),
        ('part', 'transmission-oils', 'oil_purpose',
            'manual=Механика=Manual gearbox; atf=Автомат (ATF)=Automatic (ATF); '
            'cvt=Вариатор=CVT; axle=Мосты=Axles'),
        ('part', 'antifreeze', 'coolant_class',
            'g11=G11=G11; g12=G12=G12; g12plusplus=G12++=G12++; g13=G13=G13; other=Другой=Other'),
        ('part', 'batteries', 'polarity',
            'direct=Прямая=Direct; reverse=Обратная=Reverse; universal=Универсальная=Universal'),
        ('part', 'bulbs', 'bulb_base',
            'h1=H1=H1; h3=H3=H3; h4=H4=H4; h7=H7=H7; h8=H8=H8; h11=H11=H11; hb3=HB3=HB3; '
            'hb4=HB4=HB4; d1s=D1S=D1S; d2s=D2S=D2S; d3s=D3S=D3S; d4s=D4S=D4S; w5w=W5W=W5W; '
            'p21w=P21W=P21W; other=Другой=Other'),
        ('part', 'bulbs', 'voltage',
            '12=12 В=12 V; 24=24 В=24 V'),
        ('part', 'shock-absorbers', 'damper_type',
            'gas=Газовый=Gas; oil=Масляный=Oil; gas_oil=Газомасляный=Gas and oil'),
        ('part', 'gearboxes', 'gearbox',
            'manual=Механика=Manual; automatic=Автомат=Automatic; robot=Робот=Dual clutch; '
            'variator=Вариатор=CVT'),
        ('service', 'metalworking', 'material',
            'steel=Сталь=Steel; stainless=Нержавеющая сталь=Stainless steel; '
            'aluminium=Алюминий=Aluminium; brass=Латунь=Brass; titanium=Титан=Titanium; '
            'plastic=Пластик=Plastic; other=Другой=Other'),
        ('service', 'printing-3d', 'material',
            'abs=ABS=ABS; petg=PETG=PETG; pla=PLA=PLA; nylon=Нейлон=Nylon; tpu=TPU=TPU; '
            'resin=Фотополимер=Resin; metal=Металл=Metal'),
        ('service', 'exhaust-making', 'material',
            'stainless=Нержавеющая сталь=Stainless steel; '
            'aluminised=Алюминизированная сталь=Aluminised steel; titanium=Титан=Titanium'),
        ('service', 'upholstery', 'material',
            'leather=Кожа=Leather; eco_leather=Экокожа=Artificial leather; '
            'alcantara=Алькантара=Alcantara; fabric=Ткань=Fabric; eva=EVA=EVA')
)
insert into catalog_data.attribute_choices (definition_id, value, label_ru, label_en, ordinal)
select
    a.id,
    split_part(v.spec, '=', 1),
    split_part(v.spec, '=', 2),
    split_part(v.spec, '=', 3),
    v.place * 10
from described as d
left join catalog_data.categories as c on c.slug = d.category_slug and c.kind = d.kind
join catalog_data.attribute_definitions as a
    on a.kind = d.kind
    and a.key = d.key
    and a.category_id is not distinct from c.id
cross join lateral string_to_table(d.choices, '; ') with ordinality as v (spec, place);
