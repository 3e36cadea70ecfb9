"""Measures uploads of photos beside Pillow in FastAPI, and lookalikes; `./dev bench photos` runs it.

Both sides get the same JPEG files over HTTP, turn them upright, make three WebP files of the same widths, quality and
effort, and keep them in a folder, each file synced. Only Kardan asks who sends it and records it in PostgreSQL. The sides
take turns, several rounds of the same number of uploads each.
"""

import argparse
import http.client
import json
import os
import platform
import random
import signal
import sys
import tempfile
import threading
import time
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image, ImageDraw, ImageFilter

from measure import processes, servers
from measure.progress import say

WIDTH, HEIGHT = 4000, 3000


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: terminated"))
    with tempfile.TemporaryDirectory(prefix="kardan-bench-") as folder:
        # PostgreSQL runs as another user when this is root.
        os.chmod(folder, 0o755)
        result = measure(arguments, Path(folder))
    out = servers.BENCH / "results" / "photos.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    show(result)
    print(f"Every figure is in {out.relative_to(servers.BENCH.parent)}.")


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench photos", description=__doc__.splitlines()[0])
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--postgres-bin", required=True, help="the folder with psql")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each side [3]")
    parser.add_argument("--uploads", type=int, default=40, help="uploads of a round [40]")
    parser.add_argument("--photos", type=int, default=300_000, help="photos among which lookalikes are sought [300000]")
    return parser.parse_args()


def pictures(count):
    """JPEG files as a phone makes them: 12 megapixels with shapes, blur and the noise of a sensor, about 4 MB."""
    made = []
    for seed in range(count):
        dice = random.Random(seed)
        picture = Image.new("RGB", (WIDTH, HEIGHT), (90, 100, 110))
        draw = ImageDraw.Draw(picture)
        for _ in range(120):
            x, y, size = dice.randrange(WIDTH), dice.randrange(HEIGHT), dice.randrange(60, 700)
            colour = tuple(dice.randrange(256) for _ in range(3))
            shape = draw.ellipse if dice.random() < 0.5 else draw.rectangle
            shape((x, y, x + size, y + size * dice.uniform(0.3, 1.2)), fill=colour)
        picture = picture.filter(ImageFilter.GaussianBlur(2))
        noise = Image.effect_noise((WIDTH, HEIGHT), 24).convert("RGB")
        file = BytesIO()
        Image.blend(picture, noise, 0.12).save(file, "JPEG", quality=88)
        made.append(file.getvalue())
    return made


def form(picture):
    boundary = "kardan-bench"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n' \
        "Content-Type: image/jpeg\r\n\r\n"
    body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def reference(scratch):
    port = servers.free_port()
    folder = scratch / "reference-photos"
    folder.mkdir()
    command = [
        sys.executable, "-m", "uvicorn", "photos:app", "--app-dir", str(servers.BENCH / "reference"),
        "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--loop", "uvloop", "--http", "httptools",
        "--no-access-log", "--log-level", "warning",
    ]
    environment = os.environ | {"PHOTOS": str(folder)}
    return servers.Server("the reference", command, port, "/health", scratch / "reference.log", environment)


def seller(kardan, cluster):
    """Somebody with a token and a draft; what both may do is tested elsewhere, here they only have to be."""
    import subprocess

    made = subprocess.run(
        [kardan, "token", "create", "--user", "bench", "--scope", "write", "--json", "--database-url",
         (cluster.data / "url").read_text().strip()],
        check=True, capture_output=True, text=True,
    )
    token = json.loads(made.stdout)
    listing = cluster.psql("-c", f"""
        insert into market_data.listings (
            kind, status, owner_user_id, created_by, changed_by, title, category_id, subcategory_id, condition,
            place_id, price_minor, stock_quantity, contact_phone, created_at, updated_at)
        select 'part', 'draft', {token["user_id"]}, {token["user_id"]}, {token["user_id"]}, 'Bench', c.parent_id, c.id,
            'new', (select min(p.id) from catalog_data.places as p), 100, 1, '', ops.clock_now(), ops.clock_now()
        from catalog_data.categories as c where c.slug = 'brake-pads'
        returning id""")[0][0]
    return token["token"], listing


def run(port, path, headers, bodies, uploads, clients):
    """So many uploads by so many clients; seconds of each, and of all."""
    took, lock, left = [], threading.Lock(), iter(range(uploads))

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            since = time.monotonic()
            connection.request("POST", path, bodies[number % len(bodies)], headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                os._exit(print(f"bench: error: {answer.status} {text[:300]}", file=sys.stderr) or 1)
            with lock:
                took.append(time.monotonic() - since)

    since = time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took, time.monotonic() - since


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


def measure(arguments, scratch):
    say("drawing the pictures")
    drawn = pictures(6)
    bodies = [form(picture)[0] for picture in drawn]
    kind = form(b"")[1]
    say("starting PostgreSQL, the API and the reference")
    with servers.kardan(arguments.kardan, scratch, os.environ) as kardan, reference(scratch) as other:
        cluster = servers.Cluster(arguments.postgres_bin, scratch / "data")
        cluster.data = scratch / "data"
        token, listing = seller(arguments.kardan, cluster)
        mine = {"Authorization": f"Bearer {token}", "If-Match": "*"} | kind
        sides = {
            "kardan": (kardan, f"/v1/listings/{listing}/photos", mine),
            "pillow": (other, "/photos", kind),
        }
        rounds = []
        for side, (server, path, headers) in sides.items():
            run(server.port, path, headers, bodies, 6, 2)
        for number in range(1, arguments.rounds + 1):
            for clients in (1, 2):
                for side, (server, path, headers) in sides.items():
                    say(f"round {number}: {side}, {clients} at once")
                    before = processes.tree_cpu(server.pid)
                    took, all_of = run(server.port, path, headers, bodies, arguments.uploads, clients)
                    cpu = processes.tree_cpu(server.pid) - before
                    rounds.append({
                        "round": number, "side": side, "clients": clients, "per_second": len(took) / all_of,
                        "p50": quantile(took, 0.5) * 1000, "p99": quantile(took, 0.99) * 1000,
                        "cpu_ms": cpu / len(took) * 1000,
                    })
        memory = {"kardan, at most": processes.memory(kardan.pid)[1], "pillow": processes.tree_memory(other.pid)}
        return {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
            "bytes": [len(picture) for picture in drawn], "uploads": arguments.uploads, "rounds": rounds,
            "memory": memory, "lookalikes": lookalikes(arguments, cluster),
        }


def lookalikes(arguments, cluster):
    """Seconds of one call each for 300 listings, in one session."""
    say(f"filling {arguments.photos} photos")
    cluster.psql("-v", f"n={arguments.photos // 3}", "-f", servers.BENCH / "fill_listings.sql")
    cluster.psql("-v", f"n={arguments.photos}", "-f", servers.BENCH / "fill_photos.sql")
    say("looking for lookalikes")
    ids = cluster.psql("-c", "select l.id from market_data.listings as l order by hashint8(l.id) limit 300")
    calls = [part for (one,) in ids for part in ("-c", f"select count(*) from market.photo_lookalikes({one})")]
    # A count and its time, one after the other, all in one session.
    lines = cluster.psql("-c", "\\timing on", *calls)
    took = [float(line[0].split()[1]) for line in lines if line[0].startswith("Time:")]
    counts = [int(line[0]) for line in lines if line[0].isdigit()]
    sizes = cluster.psql("-c", """
        select pg_relation_size('market_data.listing_photos_hash_idx'), count(*) from market_data.listing_photos""")[0]
    return {
        "photos": int(sizes[1]), "index_bytes": int(sizes[0]), "p50": quantile(took, 0.5), "p99": quantile(took, 0.99),
        "found": median(counts),
    }


def show(result):
    print(f"\n{result['at']}, {result['machine']}; JPEG of 12 megapixels, {max(result['bytes']) / 1e6:.1f} MB;"
          f" n = {result['uploads']} uploads a round\n")
    print("| side | at once | uploads/s | p50 ms | p99 ms | CPU ms an upload |")
    print("| --- | --- | --- | --- | --- | --- |")
    for clients in (1, 2):
        for side in ("kardan", "pillow"):
            found = [one for one in result["rounds"] if one["side"] == side and one["clients"] == clients]
            row = [median(one[field] for one in found) for field in ("per_second", "p50", "p99", "cpu_ms")]
            print(f"| {side} | {clients} | {row[0]:.1f} | {row[1]:.0f} | {row[2]:.0f} | {row[3]:.0f} |")
    print("\nmemory, MiB: " + ", ".join(f"{name} {size / 2**20:.0f}" for name, size in result["memory"].items()))
    found = result["lookalikes"]
    print(f"lookalikes of a listing with 3 photos among {found['photos']}: p50 {found['p50']:.1f} ms,"
          f" p99 {found['p99']:.1f} ms, median found {found['found']:.0f};"
          f" index {found['index_bytes'] / 2**20:.1f} MiB\n")


main()
