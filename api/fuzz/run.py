"""Fuzzes the API by its own document, as everybody who may call it.

A server of its own with demo data; a stranger with things that nobody else may see or change; then
schemathesis as each role in turn. It fails on a server error, on an answer that the document does not
describe, and when something of the stranger's is seen or changed.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROLES = ["nobody", "user", "moderator", "admin"]
SCOPES = {
    "user": ["read", "write"],
    "moderator": ["read", "write", "moderate"],
    "admin": ["read", "write", "moderate", "administer"],
}
# Seen by its owner only, and by its owner and those who check what is published.
OWN, INSIDE = "mark-of-the-owner", "mark-of-the-inside"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kardan", required=True, help="the program")
    parser.add_argument("--schemathesis", required=True, help="its command, st")
    parser.add_argument("--minutes", type=float, default=5, help="for all roles together [5]")
    parser.add_argument("--role", choices=ROLES, help="this one only")
    parser.add_argument("--seed", type=int, help="repeat a run")
    arguments = parser.parse_args()
    roles = [arguments.role] if arguments.role else ROLES
    failed = []
    with tempfile.TemporaryDirectory(prefix="kardan-fuzz-") as folder, Server(arguments.kardan, Path(folder)) as server:
        stranger = server.token("stranger", "user")
        scene = build_scene(stranger)
        before = look(stranger, scene)
        for role in roles:
            print(f"fuzz: as {role}", flush=True)
            if not fuzz(arguments, server, role, scene, arguments.minutes * 60 / len(roles), Path(folder)):
                failed.append(role)
            # Who checks listings may change them: that is what they are for.
            if role in ("nobody", "user") and (changed := differences(before, look(stranger, scene))):
                print(f"fuzz: as {role}, a stranger's things were changed: {', '.join(changed)}", file=sys.stderr)
                failed.append(role)
        server.complain(failed)
    if failed:
        raise SystemExit(f"fuzz: failed as {', '.join(dict.fromkeys(failed))}")
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
        environment = os.environ | {
            "KARDAN_API_RATE_ANONYMOUS": "0",
            "KARDAN_API_RATE_TOKEN": "0",
            "KARDAN_BOT_TOKEN": "1:fuzz",
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

    def token(self, name, role):
        """A token of a person who is made for it."""
        scopes = [part for scope in SCOPES[role] for part in ("--scope", scope)]
        url = (self.folder / "data" / "url").read_text().strip()
        done = subprocess.run(
            [self.program, "token", "create", "--user", f"fuzz {name}", "--role", role, *scopes, "--json",
             "--database-url", url],
            check=True, stdout=subprocess.PIPE, text=True,
        )
        return Person(self.url, json.loads(done.stdout)["token"])

    def complain(self, failed):
        """Shows what the server said of itself, when something failed."""
        if failed:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if "ERROR" in line]
            print("fuzz: the last errors of the server:", *lines[-10:], sep="\n", file=sys.stderr)


class Person:
    """Somebody with a token."""

    def __init__(self, url, token):
        self.url, self.bearer = url, token

    def call(self, method, path, body=None, **headers):
        """An answer's JSON; a refusal ends the run."""
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"} | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"fuzz: {method} {path}: {refusal.read().decode(errors='replace')}") from None


def build_scene(stranger):
    """What a stranger owns, by the name that its number has in a path."""
    get = lambda path: stranger.call("GET", path)
    makes = get("/v1/catalog/makes?limit=100")["items"]
    models = get(f"/v1/catalog/makes/{makes[0]['make_id']}/models")["items"]
    generation = get(f"/v1/catalog/models/{models[0]['model_id']}/generations")["items"][0]["generation_id"]
    place = get("/v1/catalog/places")["items"][0]["place_id"]
    published = get("/v1/listings?in_stock=true")["items"][0]
    child = next(one for one in get("/v1/catalog/categories?kind=part")["items"] if one["parent_id"])

    shop = stranger.call("POST", "/v1/shops", {"name": "A stranger's shop"})["shop_id"]
    invitation = stranger.call(
        "POST", f"/v1/shops/{shop}/invitations", {"role": "manager", "ttl_seconds": 86400})["invitation_id"]
    listings = [
        stranger.call("POST", "/v1/listings", {
            "kind": "part", "title": f"{INSIDE} draft", "description": INSIDE, "condition": "used",
            "category_id": child["parent_id"], "subcategory_id": child["category_id"], "place_id": place,
            "price": {"amount_minor": 100000, "currency": "RUB"}, "stock_quantity": 3,
            "contact_name": INSIDE, "contact_phone": "+7 900 000-00-00", "shop_id": owner,
        })["listing_id"]
        for owner in (None, shop)
    ]
    fitment = stranger.call(
        "POST", f"/v1/listings/{listings[0]}/fitments", {"generation_id": generation, "note": INSIDE},
    )["fitment_id"]
    token = stranger.call(
        "POST", "/v1/me/tokens", {"name": OWN, "scopes": ["read"], "ttl_seconds": 86400})["token_id"]
    reservation = stranger.call(
        "POST", f"/v1/listings/{published['listing_id']}/reservations", {"quantity": 1})["reservation_id"]
    vehicle = stranger.call("POST", "/v1/me/garage", {"name": OWN, "vin": "XTA210990Y2766389"})["vehicle_id"]
    me = stranger.call("GET", "/v1/me")["user_id"]
    return {
        "listing_id": listings, "shop_id": [shop], "invitation_id": [invitation], "fitment_id": [fitment],
        "token_id": [token], "reservation_id": [reservation], "user_id": [me], "vehicle_id": [vehicle],
    }


def look(stranger, scene):
    """Everything of the stranger's, as they see it."""
    paths = ["/v1/me", "/v1/me/tokens", "/v1/me/reservations", "/v1/me/listings", "/v1/me/garage"]
    for listing in scene["listing_id"]:
        paths += [f"/v1/listings/{listing}/inside{part}" for part in ("", "/fitments", "/photos")]
    for shop in scene["shop_id"]:
        paths += [f"/v1/shops/{shop}{part}" for part in ("", "/members", "/invitations")]
    return {path: stranger.call("GET", path) for path in paths}


def differences(before, after):
    """The paths that give another answer; when a token was used last is no change."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items() if key != "last_used_at"}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return [path for path in before if plain(before[path]) != plain(after[path])]


def fuzz(arguments, server, role, scene, seconds, folder):
    """One run of schemathesis; whether it found nothing."""
    marks = [OWN] if role in ("moderator", "admin") else [OWN, INSIDE]
    command = [
        arguments.schemathesis, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{server.url}/openapi.json",
        "--max-time", str(max(1, round(seconds))), "--no-color", "--warnings", "off",
        "--generation-database", ":memory:",
    ]
    if arguments.seed is not None:
        command += ["--seed", str(arguments.seed)]
    environment = os.environ | {
        "KARDAN_FUZZ_TOKEN": "none" if role == "nobody" else server.token(role, role).bearer,
        "KARDAN_FUZZ_SCENE": json.dumps({"ids": scene, "marks": marks}), "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    main()
