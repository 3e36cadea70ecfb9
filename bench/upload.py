"""Measures price lists; `./dev bench upload` runs it. Standard library only.

A shop uploads a file of goods, as CSV and as XLSX: a rehearsal, then all of them new, then nothing changed, then every
price changed. The reference is COPY of the same rows into the table in which an upload keeps them, in the same rounds.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from statistics import median

from measure import processes, report, servers
from measure.progress import say

TOKEN = "kdn_p_bench"
NAMES = ("code", "title", "price", "stock", "category", "brand", "part_number", "condition", "place", "description")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STEPS = ("rehearsal", "new", "unchanged", "prices")


def main():
    arguments = parse()
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        patient = {"KARDAN_API_UPLOAD_TIMEOUT": "600"}
        with servers.kardan(arguments.kardan, Path(folder), os.environ | patient) as server:
            cluster = servers.Cluster(arguments.postgres_bin, Path(folder) / "data")
            prepare(cluster)
            idle = processes.memory(server.pid)[0]
            rounds = []
            for number in range(arguments.rounds):
                rounds.append(copy(cluster, arguments.rows) | {"round": number})
                for kind in ("CSV", "XLSX"):
                    rounds += [one | {"round": number} for one in shop(server, kind, number, arguments.rows)]
            result = {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(),
                "postgres": cluster.psql("-c", "show server_version")[0][0], "rows": arguments.rows,
                "memory": {"idle": idle, "peak": processes.memory(server.pid)[1]}, "rounds": rounds,
            }
    out = servers.BENCH / "results" / "upload.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(result))
    return 0


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench upload", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of a file [50000]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds [3]")
    return parser.parse_args()


def prepare(cluster):
    """A person with a token, and no limit of time for what a loaded machine does slowly."""
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    cluster.psql("-c", f"""
        with made as (
            insert into people_data.users (display_name, created_at, updated_at)
            values ('Bench', ops.clock_now(), ops.clock_now()) returning id)
        insert into people_data.tokens (id, kind, user_id, name, token_hash, scopes, created_at, expires_at)
        select gen_random_uuid(), 'personal', m.id, 'bench', decode('{digest}', 'hex'), '{{read,write}}',
            ops.clock_now(), ops.clock_now() + interval '1 day'
        from made as m""")


def goods(rows, price):
    """Rows of a price list, the names of the columns first."""
    yield NAMES
    for n in range(rows):
        yield (
            f"N-{n:06}", f"Колодки тормозные передние, комплект {n}", f"{price + n % 5000}.50", str(1 + n % 9),
            "brake-pads", "Bosch", f"0986{n:06}", "new", "moscow", f"Новые, в упаковке, партия {n % 100}")


def csv(rows, price):
    return "\n".join('"' + '","'.join(row) + '"' for row in goods(rows, price)).encode()


def xlsx(rows, price):
    """The least that is a workbook: one sheet, its texts in their cells."""
    sheet = io.StringIO()
    sheet.write('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
    for number, row in enumerate(goods(rows, price), 1):
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(row))
        sheet.write(f'<row r="{number}">{cells}</row>')
    sheet.write("</sheetData></worksheet>")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="Goods" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet.getvalue(),
    }
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return book.getvalue()


def send(server, path, body, kind):
    request = urllib.request.Request(
        server.url + path, data=body, headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"bench: error: {path} was answered with {error.code}: {error.read().decode()}") from error


def shop(server, kind, number, rows):
    """One shop that uploads its goods four times."""
    make, media = (csv, "text/csv") if kind == "CSV" else (xlsx, XLSX)
    name = json.dumps({"name": f"Bench {kind} {number}"}).encode()
    path = f"/v1/shops/{send(server, '/v1/shops', name, 'application/json')['shop_id']}/price-list"
    first, second = make(rows, 1000), make(rows, 2000)
    for step, ask, body, field in (
            ("rehearsal", "?dry_run=true", first, "new"), ("new", "", first, "new"),
            ("unchanged", "", first, "unchanged"), ("prices", "", second, "changed")):
        started = time.monotonic()
        answer = send(server, path + ask, body, media)
        seconds = time.monotonic() - started
        if answer[field] != rows:
            raise SystemExit(f"bench: error: {step} of {kind}: {json.dumps(answer)[:2000]}")
        say(f"{kind}, {step}: {rows / seconds:,.0f} rows/s")
        yield {"side": f"{kind}, {step}", "per_second": rows / seconds}


def copy(cluster, rows):
    """COPY of the same rows into the table of uploads, and away again."""
    lines = list(goods(rows, 1000))[1:]
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        for number, row in enumerate(lines, 2):
            cells = json.dumps(dict(zip(NAMES, row)), ensure_ascii=False)
            file.write(f"-1\t{number}\t{row[0]}\t{cells}\t{row[1]}\n")
        file.flush()
        started = time.monotonic()
        cluster.psql("-c", rf"\copy market_data.price_list_rows (shop_id, row_number, code, cells, title) from {file.name}")
        seconds = time.monotonic() - started
    cluster.psql("-c", "delete from market_data.price_list_rows")
    say(f"COPY: {rows / seconds:,.0f} rows/s")
    return {"side": "COPY", "per_second": rows / seconds}


def table(result):
    """Medians, and the ratio to COPY within each round."""
    rounds = result["rounds"]
    bare = {one["round"]: one["per_second"] for one in rounds if one["side"] == "COPY"}
    rows = [("", "rows/s", "÷ COPY")]
    for side in ("COPY", *(f"{kind}, {step}" for kind in ("CSV", "XLSX") for step in STEPS)):
        of = [one for one in rounds if one["side"] == side]
        ratio = median(one["per_second"] / bare[one["round"]] for one in of)
        rows.append((side, f"{median(one['per_second'] for one in of):,.0f}", f"{ratio:.3f}"))
    memory = {name: f"{size / 2**20:.0f} MiB" for name, size in result["memory"].items()}
    return "\n".join([*report.lines(rows), f"memory of the server: {memory['idle']} idle, {memory['peak']} at most"])


if __name__ == "__main__":
    sys.exit(main())
