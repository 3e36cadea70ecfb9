#!/usr/bin/env bash
# the seeder beside server-side COPY of the same bytes, pg_restore, Faker, and itself at other sizes
#
#     ./dev bench seeder [--rounds N] [--scale F]
#
# Builds the program, makes Faker's own Python environment, and leaves the measuring to bench/seeder.py. Everything runs on 127.0.0.1, on a server made for the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan

python_with bench/reference/seeder-requirements.txt

exec python3 bench/seeder.py \
    --python "$python" \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" \
    "$@"
