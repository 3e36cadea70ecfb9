"""Fuzzes the API by its own document, as everybody who may call it.

A server of its own with demo data; a stranger with things that nobody else may see or change, each with
a canary in its text; then schemathesis as each role in turn. It fails on a server error, on an answer
that the document does not describe, when a canary is seen by a role that may not, and when something of
the stranger's is changed by one.
"""

import argparse
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Who asks, with which role of people, and what their token may be used for.
ROLES = {
    "nobody": (None, []),
    "user": ("user", ["read", "write"]),
    # Belonged to the stranger's shop, and does not any more.
    "former": ("user", ["read", "write"]),
    # A moderator whose token may not moderate: one who buys and sells.
    "plain": ("moderator", ["read", "write"]),
    # From here on they may change things of the stranger's: that is what they are for.
    # Sells for the stranger's shop.
    "seller": ("user", ["read", "write"]),
    "moderator": ("moderator", ["read", "write", "moderate"]),
    "admin": ("admin", ["read", "write", "moderate", "administer"]),
}
MODERATING = ["moderator", "admin"]
# What has a canary, and who may see it beside the stranger.
CANARIES = {
    "token": [], "vehicle": [], "search": [], "flag": MODERATING, "block": MODERATING,
    "draft": MODERATING, "fitment": MODERATING, "deal": MODERATING, "shop-draft": ["seller", *MODERATING],
}


# The guard of every listing's inside, gone.
HOLE = """create or replace function market.listing_reader(p_actor bigint, p_listing bigint)
    returns boolean language sql stable parallel safe return true"""


def canary(what):
    """The text by which one of the stranger's things is known again."""
    return f"canary-of-the-{what}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--schemathesis", required=True, help="its command, st")
    parser.add_argument("--minutes", type=float, default=5, help="for all roles together [5]")
    parser.add_argument("--role", choices=list(ROLES), help="this one only")
    parser.add_argument("--seed", type=int, help="repeat a run")
    parser.add_argument("--prove", action="store_true", help="break a guard of the program: succeeds when it is found")
    arguments = parser.parse_args()
    # Whoever breaks a guard looks through the hole as one role.
    roles = [arguments.role or "user"] if arguments.prove else [arguments.role] if arguments.role else list(ROLES)
    failed = []
    with tempfile.TemporaryDirectory(prefix="kardan-fuzz-") as folder, Server(arguments.kardan, Path(folder)) as server:
        people = {name: server.token(name, *ROLES[name]) for name in roles if name != "nobody"}
        stranger = server.token("stranger", *ROLES["user"])
        scene = build_scene(server, stranger, people)
        seen = json.dumps(look(stranger, scene))
        unseen = [what for what in ("token", "vehicle", "search", "draft", "fitment", "deal", "shop-draft")
                  if canary(what) not in seen]
        if unseen:
            raise SystemExit(f"fuzz: even the stranger does not see {', '.join(unseen)}: nothing would be proved")
        if arguments.prove:
            server.sql(HOLE)
        for role in roles:
            print(f"fuzz: as {role}", flush=True)
            before = look(stranger, scene)
            if not fuzz(arguments, server, role, people.get(role), scene, arguments.minutes * 60 / len(roles), Path(folder)):
                failed.append(role)
            # A token that has died on the way is nobody's.
            if role in people and people[role].call("GET", "/v1/me")["role"] != ROLES[role][0]:
                raise SystemExit(f"fuzz: as {role}, the role was lost on the way: the run proves nothing")
            if role not in ("seller", *MODERATING) and (changed := differences(before, look(stranger, scene))):
                print(f"fuzz: as {role}, a stranger's things were changed: {', '.join(changed)}", file=sys.stderr)
                failed.append(role)
        server.complain(failed)
        seen = found(folder)
    if arguments.prove:
        if not seen:
            raise SystemExit("fuzz: everybody may read everything, and no canary was seen")
        print(f"fuzz: through the hole {', '.join(seen)} was seen, as it should be")
    elif failed:
        raise SystemExit(f"fuzz: failed as {', '.join(dict.fromkeys(failed))}")
    else:
        print("fuzz: nothing was found")


class Server:
    """`kardan up` with demo data and without limits of rate, in a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "kardan.log"

    def __enter__(self):
        # The issuer ends when nobody holds its standard input any more.
        self.issuer = subprocess.Popen(
            ["/usr/bin/python3", str(HERE.parent / "tests/issuer/issuer.py")], env=os.environ | {"CLIENT_SECRET": "fuzz"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        environment = os.environ | {
            "KARDAN_API_RATE_ANONYMOUS": "0",
            "KARDAN_API_RATE_TOKEN": "0",
            "KARDAN_BOT_TOKEN": "1:fuzz",
            # Nobody: the bot that starts with a token talks to no one.
            "TELEGRAM_API_URL": "http://127.0.0.1:1",
            "KARDAN_OIDC_ISSUER": self.issuer.stdout.readline().strip(),
            "KARDAN_OIDC_CLIENT_ID": "kardan",
            "KARDAN_OIDC_CLIENT_SECRET": "fuzz",
            "KARDAN_OIDC_REDIRECTS": "https://kardan.example/back",
        }
        command = [self.program, "up", "--data-dir", str(self.folder / "data"), "--listen", f"127.0.0.1:{self.port}"]
        with open(self.log, "wb") as log:
            # In a session of its own: Ctrl-C reaches this program first, which then stops it in order.
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 180
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"fuzz: the server did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.issuer.stdin.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def answers(self):
        try:
            with urllib.request.urlopen(self.url + "/health/ready", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def token(self, name, role, scopes):
        """A token of a person who is made for it."""
        scopes = [part for scope in scopes for part in ("--scope", scope)]
        url = (self.folder / "data" / "url").read_text().strip()
        done = subprocess.run(
            [self.program, "token", "create", "--user", f"fuzz {name}", "--role", role, *scopes, "--json",
             "--database-url", url],
            check=True, stdout=subprocess.PIPE, text=True,
        )
        return Person(self.url, json.loads(done.stdout)["token"])

    def sql(self, text):
        """Changes the program in its database."""
        url = (self.folder / "data" / "url").read_text().strip()
        psql = Path(os.environ.get("KARDAN_PG_BIN", "/usr/bin")) / "psql"
        subprocess.run([psql, url, "-q", "-v", "ON_ERROR_STOP=1", "-c", text], check=True)

    def complain(self, failed):
        """Shows what the server said of itself, when something failed."""
        if failed:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if "ERROR" in line]
            print("fuzz: the last errors of the server:", *lines[-10:], sep="\n", file=sys.stderr)


class Person:
    """Somebody with a token."""

    def __init__(self, url, token):
        self.url, self.bearer = url, token

    def call(self, method, path, body=None, kind="application/json", **headers):
        """An answer's JSON; a refusal ends the run."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, method=method, data=data,
            headers={"Authorization": f"Bearer {self.bearer}", "Content-Type": kind} | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"fuzz: {method} {path}: {refusal.read().decode(errors='replace')}") from None

    def number(self):
        """Their number."""
        return self.call("GET", "/v1/me")["user_id"]

    def photo(self, listing):
        """Adds a photo to a listing; gives its number."""
        form = b"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"x.png\"\r\n\r\n" + png() + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        return self.call("POST", f"/v1/listings/{listing}/photos", form, kind, **{"If-Match": "*"})["photo_id"]


def png():
    """A small picture."""
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((x * y) % 256 for x in range(192)) for y in range(64))
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def build_scene(server, stranger, people):
    """What a stranger owns, by the name that its number has in a path, a query or a body."""
    get = lambda path: stranger.call("GET", path)
    makes = get("/v1/catalog/makes?limit=100")["items"]
    models = get(f"/v1/catalog/makes/{makes[0]['make_id']}/models")["items"]
    generation = get(f"/v1/catalog/models/{models[0]['model_id']}/generations")["items"][0]["generation_id"]
    place = get("/v1/catalog/places")["items"][0]["place_id"]
    published = get("/v1/listings?in_stock=true")["items"][0]["listing_id"]
    fields = lambda one: get(f"/v1/catalog/attributes?kind=part&category_id={one['category_id']}")["items"]
    child = next(
        one for one in get("/v1/catalog/categories?kind=part")["items"]
        if one["parent_id"] and not any(field["required"] for field in fields(one)))

    def listing(what, shop=None):
        text = canary(what)
        return stranger.call("POST", "/v1/listings", {
            "kind": "part", "title": f"{text} draft", "description": text, "condition": "used",
            "category_id": child["parent_id"], "subcategory_id": child["category_id"], "place_id": place,
            "price": {"amount_minor": 100000, "currency": "RUB"}, "stock_quantity": 3,
            "contact_name": text, "contact_phone": "+7 900 000-00-00", "shop_id": shop,
        })["listing_id"]

    shop = stranger.call("POST", "/v1/shops", {"name": "A stranger's shop"})["shop_id"]
    invite = lambda: stranger.call("POST", f"/v1/shops/{shop}/invitations", {"role": "seller", "ttl_seconds": 86400})
    for name in ("seller", "former"):
        if name in people:
            people[name].call("POST", "/v1/invitations/accept", {"token": invite()["token"]})
    if "former" in people:
        stranger.call("DELETE", f"/v1/shops/{shop}/members/{people['former'].number()}")
    draft = listing("draft")
    fitment = stranger.call(
        "POST", f"/v1/listings/{draft}/fitments", {"generation_id": generation, "note": canary("fitment")},
    )["fitment_id"]
    # One that waits for a moderator.
    waiting = listing("draft")
    stranger.call("POST", f"/v1/listings/{waiting}/submit", **{"If-Match": "*"})
    deals = [stranger.call("POST", f"/v1/listings/{published}/deals", {"quantity": 1})["deal_id"]]
    stranger.call("POST", f"/v1/deals/{deals[0]}/cancel", {"reason": canary("deal")})
    deals.append(stranger.call("POST", f"/v1/listings/{published}/deals", {"quantity": 1})["deal_id"])
    stranger.call("PUT", f"/v1/listings/{published}/flag", {"reason": "spam", "note": canary("flag")})
    admin = server.token("the one who arranges", *ROLES["admin"])
    queue = admin.call("GET", "/v1/moderation/queue?limit=100")["items"]
    blocked = server.token("blocked", *ROLES["user"]).number()
    admin.call("PUT", f"/v1/users/{blocked}/block", {"reason": canary("block")})
    return {
        "deal_id": deals, "listing_id": [draft, waiting, listing("shop-draft", shop)], "shop_id": [shop], "fitment_id": [fitment],
        "invitation_id": [invite()["invitation_id"]], "photo_id": [stranger.photo(draft)],
        "item_id": [one["item_id"] for one in queue if one["listing_id"] == waiting],
        "token_id": [stranger.call(
            "POST", "/v1/me/tokens", {"name": canary("token"), "scopes": ["read"], "ttl_seconds": 86400})["token_id"]],
        "reservation_id": [stranger.call(
            "POST", f"/v1/listings/{published}/reservations", {"quantity": 1})["reservation_id"]],
        "vehicle_id": [stranger.call(
            "POST", "/v1/me/garage", {"name": canary("vehicle"), "vin": "XTA210990Y2766389"})["vehicle_id"]],
        "saved_search_id": [stranger.call(
            "POST", "/v1/me/searches", {"name": canary("search"), "query": "pads", "frequency": "hourly"})["saved_search_id"]],
        "user_id": [stranger.number(), blocked],
    }


def look(stranger, scene):
    """Everything of the stranger's, as they see it."""
    paths = [f"/v1/me{part}" for part in (
        "", "/tokens", "/reservations", "/listings", "/garage", "/searches", "/search-alerts", "/shops")]
    for listing in scene["listing_id"]:
        paths += [f"/v1/listings/{listing}/inside{part}" for part in ("", "/fitments", "/photos")]
    for shop in scene["shop_id"]:
        paths += [f"/v1/shops/{shop}{part}" for part in ("", "/members", "/invitations", "/listings")]
    for deal in scene["deal_id"]:
        paths += [f"/v1/deals/{deal}", f"/v1/deals/{deal}/events"]
    return {path: stranger.call("GET", path) for path in paths}


def differences(before, after):
    """The paths that give another answer; when a token was used last is no change."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items() if key != "last_used_at"}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return [path for path in before if plain(before[path]) != plain(after[path])]


def found(folder):
    """The canaries that were seen where they should not be."""
    file = Path(folder) / "found"
    return sorted(set(file.read_text().split())) if file.exists() else []


def fuzz(arguments, server, role, person, scene, seconds, folder):
    """One run of schemathesis; whether it found nothing."""
    token = person and person.call("GET", "/v1/me/tokens")["items"][0]["token_id"]
    marks = [canary(what) for what, seers in CANARIES.items() if role not in seers]
    command = [
        arguments.schemathesis, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{server.url}/openapi.json",
        "--max-time", str(max(1, round(seconds))), "--no-color", "--warnings", "off",
        "--generation-database", ":memory:",
        # It would sign out the token that everything else is asked with.
        "--exclude-path", "/v1/sessions/current",
    ]
    if person:
        # A stream goes on for as long as somebody listens, so one request would take all the time; it has tests of its own.
        command += ["--exclude-path", "/v1/events"]
    if arguments.seed is not None:
        command += ["--seed", str(arguments.seed)]
    environment = os.environ | {
        "KARDAN_FUZZ_TOKEN": person.bearer if person else "none",
        "KARDAN_FUZZ_SCENE": json.dumps(
            {"ids": scene, "marks": marks, "found": str(folder / "found"), "token": token,
             "user": person and person.number()}),
        "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    main()
