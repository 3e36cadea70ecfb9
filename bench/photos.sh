#!/usr/bin/env bash
# uploads of a 12-megapixel photo, beside Pillow in FastAPI, and lookalikes among 300 000 photos
#
#     ./dev bench photos [--rounds N] [--uploads N] [--photos N]
#
# Builds the program, makes the reference's own Python environment, and leaves the measuring to
# bench/photos.py. Everything runs on 127.0.0.1, on a server made for the run and thrown away after it.
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

# A folder for each set of versions, so that a changed list never meets an old environment.
requirements=bench/reference/photos-requirements.txt
venv="$caches/venv/bench-$(sha256sum "$requirements" | cut -c 1-12)"
if [[ ! -e $venv/ready ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
    touch "$venv/ready"
fi

# The reference's Python also draws the pictures that both sides get.
exec "$venv/bin/python" bench/photos.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" \
    "$@"
