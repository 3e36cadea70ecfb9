#!/usr/bin/env bash
# the API beside pgbench and FastAPI on the same functions, and search at 100 000 listings
#
#     ./dev bench api [--listings N] [--rounds N] [--seconds N]
#
# Builds the program, makes the reference's own Python environment, and leaves the measuring to
# bench/api.py. Everything runs on 127.0.0.1, on a server made for the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan

python_with bench/reference/requirements.txt

exec python3 bench/api.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" \
    --reference-python "$python" \
    "$@"
