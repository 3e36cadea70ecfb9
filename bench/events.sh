#!/usr/bin/env bash
# ten thousand who listen to events, beside a server that does nothing but broadcast
#
#     ./dev bench events [--clients N] [--rounds N]
#
# Builds the program and the clients, and leaves the measuring to bench/events.py. Everything runs on
# 127.0.0.1, on a server made for the run and thrown away after it. Clients and server each need a file
# descriptor a stream: `ulimit -Hn` must be above their number.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --package kardan-streams

exec python3 bench/events.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --streams "$CARGO_TARGET_DIR/release/kardan-streams" \
    --postgres-bin "$postgres_bin" \
    "$@"
