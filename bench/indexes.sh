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

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan
exec python3 bench/indexes.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" --postgres-bin "$postgres_bin" "$@"
