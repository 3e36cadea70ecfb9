-- What a VIN tells: countries by its first two characters (ISO 3780), makers by the first three,
-- and the sentences by which each hint says why it is believed.

create table catalog_data.vin_countries (
    first_char text not null,
    second_from text not null,
    second_to text not null,
    country text not null,
    region text not null,
    uses_check_digit boolean not null default false,
    primary key (first_char, second_from),
    constraint vin_country_chars_shape check (
        first_char ~ '^[A-HJ-NPR-Z1-9]$' and second_from ~ '^[A-HJ-NPR-Z0-9]$'
        and second_to ~ '^[A-HJ-NPR-Z0-9]$'),
    constraint vin_country_shape check (country ~ '^[A-Z]{2}$'),
    constraint vin_country_region_known check (region in (
        'africa', 'asia', 'europe', 'north_america', 'oceania', 'south_america'))
);

comment on table catalog_data.vin_countries is
    'Which country gave out a VIN: ranges of its second character, in the order of ISO 3780: '
    'letters, then 1 to 9, then 0.';
comment on column catalog_data.vin_countries.uses_check_digit is
    'Whether the law there makes position 9 a check digit (North America, China).';

create table catalog_data.vin_makers (
    wmi text not null,
    suffix text not null default '',
    name text not null,
    make_id bigint,
    class text not null,
    codes_year boolean not null,
    primary key (wmi, suffix),
    constraint vin_maker_wmi_shape check (wmi ~ '^[A-HJ-NPR-Z1-9][A-HJ-NPR-Z0-9]{2}$'),
    -- a maker of fewer than 500 vehicles a year shares the three characters, and 12 to 14 tell it
    constraint vin_maker_suffix_shape check (
        suffix = '' or (suffix ~ '^[A-HJ-NPR-Z0-9]{3}$' and right(wmi, 1) = '9')),
    constraint vin_maker_name_filled check (btrim(name) <> ''),
    constraint vin_maker_make_known foreign key (make_id) references catalog_data.makes (id),
    constraint vin_maker_class_known check (class in ('light', 'heavy', 'motorcycle', 'trailer'))
);

create index vin_makers_make_id_idx on catalog_data.vin_makers (make_id);

comment on table catalog_data.vin_makers is
    'Who made a vehicle, by the first three characters of its VIN.';
comment on column catalog_data.vin_makers.suffix is
    'Positions 12 to 14 of a small maker''s VIN; empty for the others.';
comment on column catalog_data.vin_makers.make_id is
    'The make of the catalogue; null when it has none, or when the plant builds several.';
comment on column catalog_data.vin_makers.class is
    'light: cars, vans and light trucks; the rule of position 7 holds for them alone.';
comment on column catalog_data.vin_makers.codes_year is
    'Whether position 10 is the model year as a rule.';

create table catalog_data.vin_reasons (
    code text primary key,
    en text not null,
    ru text not null,
    constraint vin_reason_code_shape check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    constraint vin_reason_filled check (btrim(en) <> '' and btrim(ru) <> '')
);

comment on table catalog_data.vin_reasons is 'Why a hint about a VIN is believed, for people.';

insert into catalog_data.vin_reasons (code, en, ru)
values
    ('country_by_prefix', 'The first two characters belong to this country.',
        'Первые два знака выделены этой стране.'),
    ('country_unassigned', 'These first two characters belong to no country.',
        'Первые два знака не выделены ни одной стране.'),
    ('region_by_prefix', 'The first character belongs to this part of the world.',
        'Первый знак выделен этой части света.'),
    ('maker_by_prefix', 'The first three characters belong to this maker.',
        'Первые три знака выделены этому изготовителю.'),
    ('maker_by_prefix_and_serial',
        'A small maker: the first three characters and positions 12 to 14 belong to it.',
        'Малый изготовитель: ему выделены первые три знака вместе с 12–14-м.'),
    ('maker_unknown', 'The catalogue does not know these first three characters.',
        'Каталог не знает таких первых трёх знаков.'),
    ('check_digit_holds', 'Position 9 is the check digit and agrees with the rest.',
        '9-й знак — контрольный и сходится с остальными.'),
    ('check_digit_not_used', 'A check digit is not used here.',
        'Контрольный знак здесь не применяется.'),
    ('year_by_position_7',
        'Position 10 is the model year, and position 7 tells which thirty years.',
        '10-й знак — модельный год, а 7-й указывает, какое это тридцатилетие.'),
    ('year_by_position_10', 'Position 10 is the model year.', '10-й знак — модельный год.'),
    ('year_one_of_two',
        'Position 10 is the model year, which comes again every thirty years.',
        '10-й знак — модельный год, он повторяется через тридцать лет.'),
    ('year_rarely_coded', 'This maker as a rule does not put the model year into position 10.',
        'Этот изготовитель обычно не указывает модельный год в 10-м знаке.'),
    ('year_not_coded', 'Position 10 is no model year.', '10-й знак не обозначает модельный год.');

-- A row is: first character, range of the second (one text), country.
insert into catalog_data.vin_countries (
    first_char, second_from, second_to, country, region, uses_check_digit
)
select
    left(r.range, 1), substr(r.range, 2, 1), right(r.range, 1), d.country, d.region,
    d.country in ('US', 'CA', 'MX', 'CN')
from (
    values
        ('africa', 'ZA', 'AAH'), ('africa', 'CI', 'AJK'), ('africa', 'LS', 'ALM'),
        ('africa', 'BW', 'ANP'), ('africa', 'NA', 'ARS'), ('africa', 'MG', 'ATU'),
        ('africa', 'MU', 'AVW'), ('africa', 'TN', 'AXY'), ('africa', 'ZW', 'A23'),
        ('africa', 'MZ', 'A45'), ('africa', 'AO', 'BAB'), ('africa', 'KE', 'BFG'),
        ('africa', 'NG', 'BLL'), ('africa', 'DZ', 'BRR'), ('africa', 'LY', 'B34'),
        ('africa', 'EG', 'CAB DAE'), ('africa', 'MA', 'CFG'), ('africa', 'ZM', 'CLM'),
        ('europe', 'CY', 'AZ1'),
        ('asia', 'CN', 'HA0 LA0'), ('asia', 'JP', 'JA0'), ('asia', 'IL', 'KFH'),
        ('asia', 'KR', 'KLR'), ('asia', 'JO', 'KST'), ('asia', 'IN', 'MAE M16'),
        ('asia', 'ID', 'MFK'), ('asia', 'TH', 'MLR'), ('asia', 'MM', 'MSS'),
        ('asia', 'MN', 'MUU'), ('asia', 'KZ', 'MXX'), ('asia', 'IR', 'NAE N15'),
        ('asia', 'PK', 'NFG'), ('asia', 'IQ', 'NJJ'), ('asia', 'TR', 'NLR'),
        ('asia', 'UZ', 'NST'), ('asia', 'AZ', 'NUU'), ('asia', 'AM', 'NYY'),
        ('asia', 'PH', 'PAC'), ('asia', 'SG', 'PFG'), ('asia', 'MY', 'PLR'),
        ('asia', 'BD', 'PST'), ('asia', 'AE', 'RAB'), ('asia', 'TW', 'RFK'),
        ('asia', 'VN', 'RLN'), ('asia', 'LA', 'RPP'), ('asia', 'SA', 'RST'),
        ('asia', 'RU', 'RUW'), ('asia', 'HK', 'R11'),
        ('europe', 'GB', 'SAM'), ('europe', 'DE', 'SNT WA0'), ('europe', 'PL', 'SUZ'),
        ('europe', 'LV', 'S12'), ('europe', 'CH', 'TAH'), ('europe', 'CZ', 'TJP'),
        ('europe', 'HU', 'TRV'), ('europe', 'PT', 'TW2'), ('europe', 'RS', 'T35 VX2'),
        ('europe', 'ES', 'UAC VSW'), ('europe', 'DK', 'UHM'), ('europe', 'IE', 'UNR'),
        ('europe', 'RO', 'UUW'), ('europe', 'MK', 'U12'), ('europe', 'SK', 'U57'),
        ('europe', 'BA', 'U80'), ('europe', 'AT', 'VAE'), ('europe', 'FR', 'VFR'),
        ('europe', 'HR', 'V35'), ('europe', 'EE', 'V68'), ('europe', 'BG', 'XAC'),
        ('europe', 'RU', 'XDE XJK XSW XZ0 Z60'), ('europe', 'GR', 'XFH'),
        ('europe', 'NL', 'XLR'), ('europe', 'LU', 'XXY'), ('europe', 'BE', 'YAE'),
        ('europe', 'FI', 'YFK'), ('europe', 'MT', 'YNN'), ('europe', 'SE', 'YSW'),
        ('europe', 'NO', 'YX2'), ('europe', 'BY', 'Y35'), ('europe', 'UA', 'Y68'),
        ('europe', 'IT', 'ZAU'), ('europe', 'SI', 'ZXZ'), ('europe', 'SM', 'Z11'),
        ('europe', 'LT', 'Z35'),
        ('north_america', 'US', '1A0 4A0 5A0 7A0'), ('north_america', 'CA', '2A5'),
        ('north_america', 'MX', '3AX'), ('north_america', 'DO', '355'),
        ('north_america', 'HN', '366'), ('north_america', 'PA', '377'),
        ('north_america', 'PR', '389'),
        ('oceania', 'AU', '6AX'), ('oceania', 'NZ', '6Y1'),
        ('south_america', 'AR', '8AE'), ('south_america', 'CL', '8FG'),
        ('south_america', 'EC', '8LN'), ('south_america', 'PE', '8ST'),
        ('south_america', 'VE', '8XZ'), ('south_america', 'BO', '822'),
        ('south_america', 'BR', '9AE 929'), ('south_america', 'CO', '9FG'),
        ('south_america', 'UY', '9SV')
) as d (region, country, ranges)
cross join lateral string_to_table(d.ranges, ' ') as r (range);
