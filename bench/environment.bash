# What the benchmarks begin with, to be sourced from the project's folder: where builds go (`CARGO_TARGET_DIR`) and the newest
# PostgreSQL (`postgres_bin`).
# shellcheck shell=bash

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
