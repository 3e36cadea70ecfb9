"""Searches of each kind, drawn from published listings, so that what is common there is asked for often."""

import random
import re

from . import searches

# Kinds, and what each does to a listing that was drawn.
KINDS = (
    "word", "text", "text_place", "number", "prefix", "filter", "price", "text_price", "newest", "typo", "typo_one",
    "layout", "facets", "facets_many", "suggest", "complete",
)
# What is asked of another function than listing_search.
FACETS = ("facets", "facets_many")

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
TO_LATIN = str.maketrans(CYRILLIC, LATIN)


def draw(rows, count, seed=19):
    """So many searches of every kind, as arguments of the function, by kind."""
    dice = random.Random(seed)
    makers = {
        "word": lambda row: {"query": dice.choice(searches.words(row[0]) or [row[0]])},
        "text": lambda row: searches.text(dice, row),
        "text_place": lambda row: searches.text(dice, row) | {"place": int(row[5])},
        "number": lambda row: searches.number(dice, row),
        "prefix": lambda row: {"query": begun(dice, row)},
        "filter": lambda row: searches.filtered(dice, row) | {"sort": "new"},
        "price": lambda row: searches.filtered(dice, row) | {"sort": dice.choice(["price", "-price"])},
        "text_price": lambda row: searches.text(dice, row) | {"sort": dice.choice(["price", "-price"])},
        "newest": lambda row: searches.newest(dice, row),
        "typo": lambda row: searches.typo(dice, row),
        "typo_one": lambda row: {"query": searches.misspelt(dice, dice.choice(searches.words(row[0])))},
        "layout": lambda row: {"query": " ".join(searches.words(row[0])[:2]).lower().translate(TO_LATIN)},
        "facets": lambda row: facets(dice, row),
        "facets_many": lambda row: facets_many(dice, row),
        "suggest": lambda row: searches.typo(dice, row),
        "complete": lambda row: {"query": dice.choice(searches.words(row[0]))[: dice.randint(2, 5)]},
    }
    return {kind: [makers[kind](dice.choice(rows)) for _ in range(count)] for kind in KINDS}


def begun(dice, row):
    """The first four to seven signs of a part number."""
    written = re.sub(r"[\s/.-]", "", row[1]) or "0986424797"
    return written[: dice.randint(4, 7)]


def facets(dice, row):
    """A text or a filter as people have it while they look at facets."""
    search = dice.choice([
        lambda: searches.text(dice, row), lambda: {"category": int(row[2])},
        lambda: {"category": int(row[2]), "subcategory": int(row[3])},
        lambda: {"category": int(row[2]), "brand": int(row[4])},
        lambda: searches.text(dice, row) | {"place": int(row[5])},
        lambda: {"kind": "part"},
    ])()
    return search | ({"condition": row[6]} if dice.random() < 0.3 else {})


def facets_many(dice, row):
    """Three to five filters at once, with words or without."""
    _, _, category, subcategory, brand, place, condition, price = row
    filters = {"category": int(category), "condition": condition, "in_stock": True}
    if dice.random() < 0.5:
        filters |= {"subcategory": int(subcategory)}
    filters |= dice.choice([{"brand": int(brand)}, {"place": int(place)}, {"price_max": int(price) * 2, "currency": "RUB"}])
    return filters | (searches.text(dice, row) if dice.random() < 0.4 else {})
