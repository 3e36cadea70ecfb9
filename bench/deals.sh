#!/usr/bin/env bash
# deals: asked for and confirmed, on one listing and on many, beside a bare update
#
#     ./dev bench deals [--seconds N] [--rounds N] [--clients N] [--data DIR]
#
# Builds the program and leaves the measuring to bench/deals.py. Everything runs on 127.0.0.1, on a
# server made for the run and thrown away after it, unless --data names a running one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/deals.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
