"""The reference: FastAPI and asyncpg on the same functions, as short as it is usually written and not slower."""

import os
import re
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import orjson
from fastapi import FastAPI, HTTPException, Response


def sql(name):
    """The statement of pgbench, with numbered parameters, and their names."""
    text = (Path(__file__).parent.parent / f"{name}.sql").read_text()
    text, names = text[text.index("select") :].rstrip().rstrip(";"), re.findall(r"=> :(\w+)", text)
    return re.sub(r"=> :(\w+)", lambda match: f"=> ${names.index(match[1]) + 1}", text), names


(GET, _), (SEARCH, NAMES) = sql("listing_get"), sql("listing_search")


async def prepare(connection):
    # The attributes go from the database into the answer as they are.
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=str, decoder=lambda text: orjson.Fragment(text))


@asynccontextmanager
async def lifespan(app):
    size = int(os.environ["POOL_SIZE"])
    # The timeout of an idle connection is off: nothing but the answers is to be measured.
    async with asyncpg.create_pool(
        min_size=size, max_size=size, init=prepare, max_inactive_connection_lifetime=0
    ) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan, openapi_url=None)


def priced(row):
    listing = dict(row)
    currency, price, wholesale = (listing.pop(f) for f in ("currency", "price_minor", "wholesale_price_minor"))
    listing["price"] = {"amount_minor": price, "currency": currency}
    listing["wholesale_price"] = None if wholesale is None else {"amount_minor": wholesale, "currency": currency}
    return listing


def answer(value):
    return Response(orjson.dumps(value, option=orjson.OPT_UTC_Z), media_type="application/json")


@app.get("/health")
async def health():
    return answer(await app.state.pool.fetchval("select true"))


@app.get("/v1/listings/{listing_id}")
async def listing_get(listing_id: int):
    if row := await app.state.pool.fetchrow(GET, listing_id):
        return answer(priced(row))
    raise HTTPException(404)


@app.get("/v1/listings")
async def listing_search(
    query: str | None = None, kind: str | None = None, category_id: int | None = None,
    subcategory_id: int | None = None, brand_id: int | None = None, place_id: int | None = None,
    condition: str | None = None, price_max: int | None = None, currency: str | None = None,
    in_stock: bool | None = None, sort: str | None = None, limit: int = 20,
):
    given = {name.removesuffix("_id"): value for name, value in locals().items()}
    rows = await app.state.pool.fetch(SEARCH, *(given.get(name) for name in NAMES))
    return answer({"items": [priced(row) for row in rows], "next": None})
