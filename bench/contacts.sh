#!/usr/bin/env bash
# clicks on contacts: rate and cost at 1, 5 and 50 million noted clicks, a partition a day
#
#     ./dev bench contacts [--sizes N,N,…] [--seconds N] [--rounds N] [--data DIR]
#
# Builds the program and leaves the measuring to bench/contacts.py. 50 million clicks take some
# minutes and 15 GB; with --data DIR the databases are made in the server of a running
# `kardan up --data-dir DIR` and found again by the next run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/contacts.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
