#!/usr/bin/env bash
# backup: taking, restoring and proving a backup, beside PostgreSQL's own programs with zstd and tar
#
#     ./dev bench backup [--scale F] [--rounds N]
#
# Builds the program and leaves the measuring to bench/backup.py. Everything runs on this machine, on a server made for
# the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/backup.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
