#!/usr/bin/env bash
# what each index and partition choice saves: plan, buffers and time with it and without it
#
#     ./dev bench indexes [--size N] [--data DIR] [--write]
#
# Fills a market (a million listings, some minutes), then for each choice runs its query, takes the
# index away in a transaction, runs it again, and rolls back. --write puts the result between the
# marks of docs/src/database.md.
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
exec python3 bench/indexes.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
