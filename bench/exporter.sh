#!/usr/bin/env bash
# the exporter beside postgres_exporter on one server: scrapes, CPU, memory, faults, and every value
#
#     ./dev bench exporter [--scrapes N] [--upstream FILE] [--compare-only]
#
# Builds the program, takes postgres_exporter 0.17.1 out of Debian 13's package (on Debian 12 the
# package is fetched and unpacked, not installed), and leaves the measuring to bench/exporter.py, on a
# server that is made for the run and thrown away after it. KARDAN_PG_BIN chooses its version.
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

# The package of Debian 13, with a list of packages of its own: the machine's apt is left as it is.
fetch_upstream() {
    local place=$1 apt=$1/apt
    local options=(
        -o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=/dev/null"
        -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "Debug::NoLocking=1"
    )
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
        "http://deb.debian.org/debian trixie main" >"$apt/sources.list"
    apt-get -qq "${options[@]}" update
    (cd "$place" && apt-get -qq "${options[@]}" download prometheus-postgres-exporter)
    dpkg-deb -x "$place"/prometheus-postgres-exporter_*.deb "$place"
}

upstream="$caches/postgres_exporter-trixie/usr/bin/prometheus-postgres-exporter"
if [[ " $* " != *" --upstream "* && ! -x $upstream ]]; then
    fetch_upstream "${upstream%/usr/bin/*}"
fi

cargo build --release --package kardan-cli --bin kardan

exec python3 bench/exporter.py --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" --upstream "$upstream" "$@"
