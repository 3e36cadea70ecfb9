#!/usr/bin/env bash
# the seeder beside server-side COPY of the same bytes, pg_restore, and itself at other sizes
#
#     ./dev bench seeder [--rounds N] [--scale F]
#
# Builds the program and leaves the measuring to bench/seeder.py. Everything runs on 127.0.0.1, on a server made for the run and thrown away after it.
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

exec python3 bench/seeder.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" \
    "$@"
