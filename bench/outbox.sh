#!/usr/bin/env bash
# taking and answering for what is to be delivered, beside a bare queue with `for update skip locked`
#
#     ./dev bench outbox [--rows N] [--batch N] [--rounds N]
#
# Builds the program (unoptimised: it only migrates, what is measured is SQL) and leaves the measuring
# to bench/outbox.py, on a server that is made for the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

caches="${XDG_CACHE_HOME:-${HOME:?the benchmark needs HOME}/.cache}/kardan"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$caches/target}"
postgres_bin="${KARDAN_PG_BIN:-}"
if [[ -z $postgres_bin ]]; then
    newest=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    postgres_bin=${newest%/initdb}
fi
[[ -x $postgres_bin/initdb ]] || {
    echo "bench: error: no initdb in '$postgres_bin'; install PostgreSQL or set KARDAN_PG_BIN" >&2
    exit 1
}

cargo build --package kardan-cli --bin kardan

exec python3 bench/outbox.py --kardan "$CARGO_TARGET_DIR/debug/kardan" --postgres-bin "$postgres_bin" "$@"
