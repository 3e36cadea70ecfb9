"""What a benchmark says while it works; results go to standard output."""

import sys


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)
