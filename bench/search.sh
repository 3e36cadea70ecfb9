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

python_with bench/picture/requirements.txt

exec "$python" bench/search.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
