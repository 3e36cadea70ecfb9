#!/usr/bin/env bash
# upload: price lists of 50 000 rows, beside COPY of the same rows
#
#     ./dev bench upload [--rows N] [--rounds N]
#
# Builds the program and leaves the measuring to bench/upload.py. Everything runs on 127.0.0.1, on a
# server made for the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/upload.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
