"""A hundred searches as people make them, drawn from the listings of the run: the same ones for every side."""

import json
import random
import re
import urllib.parse

# How many searches of each kind there are. Each comes equally often, so these are also percents.
MIX = {"text": 36, "number": 20, "filter": 24, "newest": 12, "typo": 8}

# Where the API calls a parameter otherwise than the function does.
API_NAMES = {name: f"{name}_id" for name in ("category", "subcategory", "brand", "place", "generation")}

PARAMETERS = (
    "query kind category subcategory brand place condition price_min price_max currency in_stock "
    "generation year attributes sort limit after_key after_id min_rating"
).split()


def draw(cluster):
    """The searches: dictionaries of parameters with their kind under `of`."""
    dice = random.Random(19)
    rows = cluster.psql("-c", """
        select l.title, l.part_number, l.category_id, l.subcategory_id, l.brand_id, l.place_id, l.condition,
            l.price_minor
        from market_data.listings as l
        where l.status = 'published' and l.kind = 'part' and l.brand_id is not null
        order by md5(l.id::text)
        limit 2000""")
    makers = {"text": text, "number": number, "filter": filtered, "newest": newest, "typo": typo}
    found, seen = [], set()
    for kind, count in MIX.items():
        while count:
            search = makers[kind](dice, dice.choice(rows)) | {"limit": 20}
            key = json.dumps(search, sort_keys=True)
            if key in seen:
                continue
            seen.add(key)
            found.append(search | {"of": kind})
            count -= 1
    return found


def words(title):
    """The words of a title that are words, and not numbers."""
    return [word for word in re.split(r"\W+", title) if re.fullmatch(r"[^\W\d]{4,}", word)]


def text(dice, row):
    """Two or three words of a title: most often the first ones, as they stand in it."""
    found = words(row[0])
    wanted = dice.choice([2, 2, 3])
    if len(found) > wanted and dice.random() < 0.4:
        chosen = sorted(dice.sample(range(len(found)), wanted))
        return {"query": " ".join(found[at] for at in chosen)}
    return {"query": " ".join(found[:wanted])}


def number(dice, row):
    """A part number in some spelling: as written, in lower case, without what separates its parts."""
    written = row[1] or dice.choice(["W 712/95", "GDB1550", "0 986 424 797", "OC 90"])
    return {"query": dice.choice([written, written.lower(), re.sub(r"[\s/.-]", "", written)])}


def filtered(dice, row):
    """What the forms of a shop set: a category or brand, and one or two more."""
    _, _, category, subcategory, brand, place, condition, price = row
    search = dice.choice([
        {"category": int(category)},
        {"category": int(category), "subcategory": int(subcategory)},
        {"category": int(category), "subcategory": int(subcategory), "brand": int(brand)},
        {"brand": int(brand)},
        {"kind": "part", "place": int(place)},
    ])
    if dice.random() < 0.4:
        search |= {"condition": condition}
    if dice.random() < 0.4:
        search |= {"price_max": int(price) * 2, "currency": "RUB"}
    return search | {"sort": dice.choice(["new", "new", "price", "-price"])}


def newest(dice, row):
    """The front page, of everything, of a kind, of a place, with what is in stock only."""
    search = {"sort": "new"}
    if dice.random() < 0.8:
        search |= {"kind": dice.choice(["part", "part", "car", "service"])}
    if dice.random() < 0.5:
        search |= {"place": int(row[5])}
    if dice.random() < 0.3:
        search |= {"in_stock": True}
    return search


def typo(dice, row):
    """Two words of a title with two letters of one swapped, or one left out."""
    chosen = words(row[0])[:2]
    at = dice.randrange(len(chosen))
    chosen[at] = misspelt(dice, chosen[at])
    return {"query": " ".join(chosen)}


def misspelt(dice, word):
    """The word with two neighbours swapped, or without one of its letters."""
    swap = dice.randrange(1, len(word) - 2)
    if dice.random() < 0.5:
        return word[:swap] + word[swap + 1 :]
    return word[:swap] + word[swap + 1] + word[swap] + word[swap + 2 :]


def path(search):
    """The page of the API."""
    named = {API_NAMES.get(name, name): value for name, value in search.items() if name != "of"}
    named = {name: str(value).lower() if value is True else value for name, value in named.items()}
    return "/v1/listings?" + urllib.parse.urlencode(named)


def script(template, search, at):
    """The pgbench script, and its variables: arguments travel as parameters, as they do from the API."""
    variables = {}

    def replace(match):
        name = match[2]
        if name not in PARAMETERS:
            return match[0]
        if name not in search:
            return match[1] + "null"
        variables[f"{name}_{at}"] = str(search[name])
        return f"{match[1]}:{name}_{at}"

    return re.sub(r"(=> ):(\w+)", replace, template), variables
