#!/usr/bin/env bash
# search and facets by kind at 10 000, 100 000 and 1 000 000 listings, and the curve as a picture
#
#     ./dev bench search [--sizes N,N,…] [--count N] [--data DIR] [--picture]
#
# Builds the program, makes a Python environment for the picture, and leaves the measuring to
# bench/search.py. Filling a million listings takes some minutes; with --data DIR the databases are
# made in the server of a running `kardan up --data-dir DIR` and found again by the next run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan

requirements=bench/picture/requirements.txt
venv="$caches/venv/picture-$(sha256sum "$requirements" | cut -c 1-12)"
if [[ ! -e $venv/ready ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    touch "$venv/ready"
fi

exec "$venv/bin/python" bench/search.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
