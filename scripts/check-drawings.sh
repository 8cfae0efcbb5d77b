#!/usr/bin/env bash
# Gives the drawings of the tests to the programs that they are written for: DOT to Graphviz, Mermaid to its own parser,
# SVG to an XML parser. A program that is not there is skipped.
#
#     scripts/check-drawings.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir "$temp/drawings" "$temp/mermaid"
cd "$root"

is_there() { command -v "$1" >/dev/null; }
skipped() { echo "skipped: $1"; }

# The graphs of the tests, hostile labels among them, and the example's.
write_drawings() {
  TYPENET_DRAWINGS="$temp/drawings" \
    cargo test --quiet --locked --test drawings -- --ignored drawings_for_other_programs >"$temp/log" 2>&1 ||
    { cat "$temp/log" >&2 && return 1; }
  local format
  for format in svg dot mermaid; do
    cargo run --quiet --locked --example graph -- --format "$format" --output "$temp/drawings/example.${format/mermaid/mmd}"
  done
}

check_dot() {
  is_there dot || { skipped "DOT, because Graphviz's \`dot\` is not there" && return; }
  local file
  for file in "$temp"/drawings/*.dot; do
    # Graphviz warns of what it does not understand, and goes on.
    dot -Tsvg "$file" >"$file.svg" 2>"$temp/log" || { echo "$(basename "$file"):" && cat "$temp/log" && return 1; } >&2
    if grep -iE 'error|warning' "$temp/log" | grep -v 'font'; then echo "in $(basename "$file")" >&2 && return 1; fi
  done
  echo "DOT: Graphviz draws all"
}

check_svg() {
  is_there python3 || { skipped "SVG, because \`python3\` is not there" && return; }
  python3 -c 'import sys, xml.dom.minidom as xml; [xml.parse(file) for file in sys.argv[1:]]' "$temp"/drawings/*.svg
  echo "SVG: all are XML"
}

check_mermaid() {
  { is_there node && is_there npm; } || { skipped "Mermaid, because \`node\` and \`npm\` are not there" && return; }
  cd "$temp/mermaid"
  npm install --silent --no-audit --no-fund --ignore-scripts mermaid@11 jsdom@26 >"$temp/log" 2>&1 ||
    { skipped "Mermaid, because npm cannot install it" && cd "$root" && return; }
  cat >check.mjs <<'END'
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans labels by a library that needs a browser's window.
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const mermaid = (await import("mermaid")).default;
mermaid.initialize({ maxEdges: 100_000 });

for (const file of process.argv.slice(2)) {
  await mermaid.parse(readFileSync(file, "utf8")).catch((error) => {
    console.error(`${file}: ${error.message}`);
    process.exitCode = 1;
  });
}
END
  node check.mjs "$temp"/drawings/*.mmd
  cd "$root"
  echo "Mermaid: its parser takes all"
}

write_drawings
check_dot
check_svg
check_mermaid
