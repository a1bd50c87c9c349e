#!/bin/sh
# Writes sample calendars and has two readers of other projects compare them with what went in.
#
# usage: tests/calendar-peers/run.sh [DIR]
# DIR (target/calendar-peers/samples) gets the samples. Needs cargo, node with npm, and python3 with venv; what the
# two readers need is installed under target/, nowhere else.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
tools=$target/calendar-peers
samples=${1:-$tools/samples}
mkdir -p "$tools" "$samples"
samples=$(cd "$samples" && pwd)

# The environment is made again when its requirements change.
if ! cmp -s "$here/requirements.txt" "$tools/venv/requirements.txt"; then
    rm -rf "$tools/venv"
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$tools/venv/requirements.txt"
fi
if ! cmp -s "$here/package-lock.json" "$tools/node/installed.json"; then
    rm -rf "$tools/node"
    mkdir -p "$tools/node"
    cp "$here/package.json" "$here/package-lock.json" "$tools/node/"
    npm ci --prefix "$tools/node" --ignore-scripts --no-audit --no-fund --loglevel=error
    cp "$here/package-lock.json" "$tools/node/installed.json"
fi
# Modules are looked for beside the script that imports them.
cp "$here/peers.mjs" "$tools/node/peers.mjs"

rm -f "$samples"/*.ics "$samples"/*.json
cargo run --quiet --manifest-path "$root/Cargo.toml" --package passerelle-calendar --example peers_sample -- "$samples"

failed=0
read_any=0
for file in "$samples"/*.ics; do
    [ -e "$file" ] || continue
    read_any=1
    expected=${file%.ics}.json
    "$tools/venv/bin/python" "$here/peers.py" "$file" "$expected" || failed=1
    node "$tools/node/peers.mjs" "$file" "$expected" || failed=1
done
if [ "$read_any" = 0 ]; then
    echo "no sample was written to $samples" >&2
    exit 1
fi
exit "$failed"
