"""Leads the fuzzer to what belongs to somebody else, and looks for that in every answer.

`KARDAN_FUZZ_SCENE` is the JSON that run.py writes: the numbers of a stranger's things by the name of
their parameter or field, the canaries in texts which the one who asks must never see, the file that
those are written to which are seen nevertheless, and the numbers of the asker and of their token.
"""

import json
import os
import random

import schemathesis

SCENE = json.loads(os.environ["KARDAN_FUZZ_SCENE"])
# Half of the requests go to what exists; the other half keeps what the fuzzer thought of.
DICE = random.Random(7)


def lead(container):
    """Points half of the numbers in it to what is somebody's."""
    for name in container if isinstance(container, dict) else ():
        known = SCENE["ids"].get(name)
        if known and DICE.random() < 0.5:
            container[name] = DICE.choice(known)


@schemathesis.hook
def before_call(_, case, **__):
    # What follows from what this one has made stays with that.
    if case.meta is None or case.meta.phase.name != "stateful":
        for container in (case.path_parameters, case.query, case.body):
            lead(container)
    if case.path == "/v1/me/tokens/{token_id}" and case.path_parameters["token_id"] == SCENE["token"]:
        # Never the token that this run goes on with.
        case.path_parameters["token_id"] = DICE.choice(SCENE["ids"]["token_id"])
    if case.path.startswith("/v1/users/") and case.path_parameters.get("user_id") == SCENE["user"]:
        # Nor do they take their own role away.
        case.path_parameters["user_id"] = DICE.choice(SCENE["ids"]["user_id"])
    if case.path == "/v1/me/shops/{shop_id}":
        # Nor does the shop's seller leave it.
        case.path_parameters["shop_id"] = 1
    if "If-Match" in (case.headers or {}) and DICE.random() < 0.5:
        case.headers["If-Match"] = DICE.choice(['"1"', "*"])


@schemathesis.serializer("text/csv")
def file_of_rows(_, value):
    if not isinstance(value, (str, bytes)):
        # Every text may be a file; what should be none is no text.
        return b"\xff\xfe"
    data = value if isinstance(value, bytes) else value.encode(errors="replace")
    # Half of the files have their columns, so that rows are looked at too.
    return (b"make,model,generation,note\n" if DICE.random() < 0.5 else b"") + data


@schemathesis.check
def nothing_of_a_stranger(_, response, __):
    for mark in SCENE["marks"]:
        if mark in response.text_lossy():
            with open(SCENE["found"], "a") as found:
                print(mark, file=found)
            raise AssertionError(f"the answer holds {mark!r}, which belongs to somebody else")
