#!/usr/bin/env bash
# uploads of a 12-megapixel photo, beside Pillow in FastAPI, and lookalikes among 300 000 photos
#
#     ./dev bench photos [--rounds N] [--uploads N] [--photos N]
#
# Builds the program, makes the reference's own Python environment, and leaves the measuring to
# bench/photos.py. Everything runs on 127.0.0.1, on a server made for the run and thrown away after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=bench/environment.bash
source bench/environment.bash

cargo build --release --package kardan-cli --bin kardan

python_with bench/reference/photos-requirements.txt

# The reference's Python also draws the pictures that both sides get.
exec "$python" bench/photos.py \
    --kardan "$CARGO_TARGET_DIR/release/kardan" \
    --postgres-bin "$postgres_bin" \
    "$@"
