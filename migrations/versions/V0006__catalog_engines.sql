-- The starting engines. An engine is: code/displacement in cm3 (empty: electric)/fuel/kilowatts of
-- the commonest version.
with described (make_slug, engines) as (
    values
        ('lada',
            '21083/1499/petrol/52, 21114/1596/petrol/60, 21116/1596/petrol/64, '
            '11186/1596/petrol/64, 21126/1597/petrol/72, 21127/1596/petrol/78, '
            '21129/1596/petrol/78, 21179/1774/petrol/90, 21182/1596/petrol/66, '
            '21214/1690/petrol/61'),
        ('toyota',
            '1NZ-FE/1497/petrol/80, 1ZZ-FE/1794/petrol/95, 2ZR-FE/1798/petrol/103, '
            '3ZR-FE/1987/petrol/105, 1AZ-FSE/1998/petrol/112, 2AZ-FE/2362/petrol/123, '
            '2AR-FE/2494/petrol/133, A25A-FKS/2487/petrol/147, 2GR-FE/3456/petrol/204, '
            '1GR-FE/3956/petrol/183, 1KD-FTV/2982/diesel/127, 2KD-FTV/2494/diesel/106, '
            '1GD-FTV/2755/diesel/130, 1VD-FTV/4461/diesel/173, 1HZ/4164/diesel/96, '
            '2JZ-GTE/2997/petrol/206, 4A-FE/1587/petrol/81, 3S-FE/1998/petrol/94, '
            '2ZR-FXE/1798/hybrid/73'),
        ('volkswagen',
            'AKL/1595/petrol/74, BSE/1595/petrol/75, CFNA/1598/petrol/77, CWVA/1598/petrol/81, '
            'CAXA/1390/petrol/90, CZCA/1395/petrol/92, BZB/1798/petrol/118, '
            'CDAB/1798/petrol/112, CCZB/1984/petrol/155, CHHB/1984/petrol/162, '
            'AXR/1896/diesel/74, BXE/1896/diesel/77, CFFB/1968/diesel/103, '
            'CRLB/1968/diesel/110, CASA/2967/diesel/176, AZQ/1198/petrol/47'),
        ('audi',
            'AEB/1781/petrol/110, AWT/1781/petrol/110, ALT/1984/petrol/96, '
            'CDNC/1984/petrol/155, ACK/2771/petrol/142, AUK/3123/petrol/188, '
            'BDW/2393/petrol/130, BPP/2698/diesel/132, CAJA/2995/petrol/213'),
        ('skoda',
            'BUD/1390/petrol/59, CGGB/1390/petrol/63, CHPA/1395/petrol/110, '
            'CJSA/1798/petrol/132'),
        ('bmw',
            'M20B20/1991/petrol/95, M40B18/1796/petrol/83, M50B25/2494/petrol/141, '
            'M52B28/2793/petrol/142, M54B30/2979/petrol/170, N46B20/1995/petrol/110, '
            'N52B30/2996/petrol/190, N20B20/1997/petrol/180, N55B30/2979/petrol/225, '
            'B48B20/1998/petrol/135, B58B30/2998/petrol/250, N62B44/4398/petrol/245, '
            'N63B44/4395/petrol/300, M57D30/2993/diesel/160, N47D20/1995/diesel/130, '
            'N57D30/2993/diesel/190, B47D20/1995/diesel/140, B57D30/2993/diesel/195'),
        ('mercedes-benz',
            'M102/2299/petrol/97, M111/1998/petrol/100, M112/3199/petrol/165, '
            'M271/1796/petrol/135, M272/3498/petrol/200, M273/5461/petrol/285, '
            'M274/1991/petrol/155, M276/3498/petrol/225, M264/1991/petrol/145, '
            'OM602/2874/diesel/90, OM611/2148/diesel/105, OM646/2148/diesel/110, '
            'OM651/2143/diesel/125, OM642/2987/diesel/165, OM654/1950/diesel/143'),
        ('hyundai',
            'G4EC/1495/petrol/75, G4ED/1599/petrol/82, G4FA/1396/petrol/79, '
            'G4FC/1591/petrol/90, G4FG/1591/petrol/94, G4NA/1999/petrol/110, '
            'G4KD/1998/petrol/110, G4KE/2359/petrol/129, G4KJ/2359/petrol/138, '
            'D4BH/2476/diesel/73, D4CB/2497/diesel/125, D4HB/2199/diesel/147, '
            'D4EA/1991/diesel/83'),
        ('kia',
            'G4LC/1368/petrol/73, G4FJ/1591/petrol/150, G4GC/1975/petrol/104, '
            'G6EA/2656/petrol/139, D4HA/1995/diesel/135, S6D/1594/petrol/75'),
        ('renault',
            'K7J/1390/petrol/55, K7M/1598/petrol/64, K4M/1598/petrol/75, H4M/1598/petrol/84, '
            'F4R/1998/petrol/105, H5H/1333/petrol/110, K9K/1461/diesel/66, F9Q/1870/diesel/88, '
            'M9R/1995/diesel/110'),
        ('ford',
            'HWDA/1596/petrol/74, SHDA/1596/petrol/85, PNDA/1596/petrol/92, '
            'QQDB/1798/petrol/92, AODA/1999/petrol/107, IQDB/1596/petrol/77, '
            'G6DG/1997/diesel/100, QXBA/1997/diesel/103, DuraTec-23/2261/petrol/118'),
        ('nissan',
            'QG15DE/1497/petrol/80, QG16DE/1597/petrol/81, HR16DE/1598/petrol/84, '
            'MR20DE/1997/petrol/104, QR25DE/2488/petrol/124, VQ25DE/2495/petrol/134, '
            'VQ35DE/3498/petrol/183, YD25DDTi/2488/diesel/140, RB26DETT/2568/petrol/206, '
            'SR20DE/1998/petrol/110, M9R/1995/diesel/110, EM57//electric/110'),
        ('mazda',
            'Z6/1598/petrol/77, LF-DE/1999/petrol/108, L3-VE/2261/petrol/122, '
            'PE-VPS/1998/petrol/110, PY-VPS/2488/petrol/141, SH-VPTS/2191/diesel/129, '
            '13B-REW/1308/petrol/188, FP-DE/1840/petrol/84'),
        ('mitsubishi',
            '4G18/1584/petrol/72, 4A92/1590/petrol/86, 4B11/1998/petrol/110, '
            '4B12/2360/petrol/125, 4G63T/1997/petrol/206, 6G72/2972/petrol/130, '
            '6B31/2998/petrol/169, 4D56/2477/diesel/100, 4M41/3200/diesel/121, '
            '4N15/2442/diesel/113'),
        ('honda',
            'D15B/1493/petrol/77, D17A/1668/petrol/92, R18A/1799/petrol/103, '
            'R20A/1997/petrol/110, K20A/1998/petrol/114, K24A/2354/petrol/118, '
            'L15A/1497/petrol/81, J35A/3471/petrol/183'),
        ('subaru',
            'EJ20/1994/petrol/92, EJ25/2457/petrol/121, EJ205/1994/petrol/169, '
            'FB20/1995/petrol/110, FB25/2498/petrol/127, EZ30/3000/petrol/180'),
        ('opel',
            'X14XE/1388/petrol/66, Z16XEP/1598/petrol/77, Z18XER/1796/petrol/103, '
            'A14NET/1364/petrol/103, A20DTH/1956/diesel/118, X20XEV/1998/petrol/100'),
        ('chevrolet',
            'F14D3/1399/petrol/69, F16D3/1598/petrol/80, F16D4/1598/petrol/91, '
            'F18D4/1796/petrol/104, LE9/2384/petrol/123, Z22D1/2231/diesel/135'),
        ('peugeot',
            'TU3JP/1360/petrol/55, TU5JP4/1587/petrol/80, EP6/1598/petrol/88, '
            'EP6CDT/1598/petrol/115, DV6TED4/1560/diesel/80, DW10BTED4/1997/diesel/100'),
        ('chery',
            'SQR481FC/1845/petrol/97, SQRE4T15B/1498/petrol/108, SQRF4J16/1598/petrol/137, '
            'SQR484F/1971/petrol/102'),
        ('haval',
            'GW4G15B/1497/petrol/110, GW4B15/1499/petrol/110, GW4C20B/1967/petrol/140, '
            'GW4N20/1998/petrol/165'),
        ('geely',
            'JLY-4G18/1792/petrol/93, JLH-3G15TD/1477/petrol/110, JLH-4G20TD/1969/petrol/140, '
            'JLH-4G20TDB/1969/petrol/175'),
        ('volvo',
            'B5254T2/2521/petrol/154, B4204T11/1969/petrol/180, D5244T/2401/diesel/120, '
            'D4204T14/1969/diesel/140'),
        ('land-rover',
            '224DT/2179/diesel/110, 276DT/2720/diesel/140, 306DT/2993/diesel/180, '
            '508PS/5000/petrol/375'),
        ('porsche',
            'M48.00/4511/petrol/250, M55.01/3598/petrol/220, MCY.PA/2995/diesel/180'),
        ('uaz',
            'ZMZ-40905/2693/petrol/98, ZMZ-Pro/2693/petrol/110, ZMZ-51432/2235/diesel/83, '
            'UMZ-417/2445/petrol/68'),
        ('gaz',
            'ZMZ-402/2445/petrol/73, ZMZ-40524/2464/petrol/98, UMZ-4216/2890/petrol/78, '
            'ISF2.8/2781/diesel/88, UMZ-A275/2690/gas/73, G21A/1998/petrol/98'),
        ('kamaz',
            '740.31-240/10850/diesel/176, 740.705-300/11760/diesel/221, '
            'R6-P6/11946/diesel/331, OM457LA/11967/diesel/295'),
        ('tesla',
            '3D1//electric/208, L1S//electric/285'),
        ('byd',
            'BYD473QE/1497/petrol/80, TZ200XSU//electric/150')
)
insert into catalog_data.engines (make_id, code, displacement_cc, fuel, power_kw)
select
    k.id,
    split_part(e.spec, '/', 1),
    nullif(split_part(e.spec, '/', 2), '')::integer,
    split_part(e.spec, '/', 3),
    split_part(e.spec, '/', 4)::integer
from described as d
join catalog_data.makes as k on k.slug = d.make_slug
cross join lateral string_to_table(d.engines, ', ') as e (spec);
