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

caches="${XDG_CACHE_HOME:-${HOME:?the benchmark needs HOME}/.cache}/kardan"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$caches/target}"
postgres_bin="${KARDAN_PG_BIN:-}"
if [[ -z $postgres_bin ]]; then
    newest=$(find /usr/lib/postgresql -path '*/bin/psql' 2>/dev/null | sort -V | tail -n 1)
    postgres_bin=${newest%/psql}
fi
[[ -x $postgres_bin/psql ]] || {
    echo "bench: error: no psql in '$postgres_bin'; install PostgreSQL or set KARDAN_PG_BIN" >&2
    exit 1
}

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/contacts.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
