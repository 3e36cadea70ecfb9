# What the benchmarks begin with, to be sourced from the project's folder: where builds go (`CARGO_TARGET_DIR`) and the newest
# PostgreSQL (`postgres_bin`). `python_with LIST` makes an environment with the packages of a list, and sets `python`.
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

python_with() {
    # A folder for each set of versions, so that a changed list never meets an old environment.
    local venv
    venv="$caches/venv/bench-$(sha256sum "$1" | cut -c 1-12)"
    if [[ ! -e $venv/ready ]]; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$1"
        touch "$venv/ready"
    fi
    # shellcheck disable=SC2034 # whoever sources this uses it
    python="$venv/bin/python"
}
