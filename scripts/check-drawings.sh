#!/usr/bin/env bash
# Checks the drawings of the tests with external programs: DOT with Graphviz, Mermaid with its own parser, SVG with an XML
# parser. Missing programs are skipped.
#
#     scripts/check-drawings.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir "$temp/drawings" "$temp/mermaid"
cd "$root"

installed() { command -v "$1" >/dev/null; }
skipped() { echo "skipped: $1"; }

# Writes the graphs of the tests, including hostile labels, and that of the example.
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
  installed dot || { skipped "DOT, because Graphviz's \`dot\` is not installed" && return; }
  local file
  for file in "$temp"/drawings/*.dot; do
    # Graphviz only warns about unknown syntax and continues.
    dot -Tsvg "$file" >"$file.svg" 2>"$temp/log" || { echo "$(basename "$file"):" && cat "$temp/log" && return 1; } >&2
    if grep -iE 'error|warning' "$temp/log" | grep -v 'font'; then echo "in $(basename "$file")" >&2 && return 1; fi
  done
  echo "DOT: Graphviz renders all"
}

check_svg() {
  installed python3 || { skipped "SVG, because \`python3\` is not installed" && return; }
  python3 -c 'import sys, xml.dom.minidom as xml; [xml.parse(file) for file in sys.argv[1:]]' "$temp"/drawings/*.svg
  echo "SVG: all are valid XML"
}

check_mermaid() {
  { installed node && installed npm; } || { skipped "Mermaid, because \`node\` and \`npm\` are not installed" && return; }
  cd "$temp/mermaid"
  npm install --silent --no-audit --no-fund --ignore-scripts mermaid@11 jsdom@26 >"$temp/log" 2>&1 ||
    { skipped "Mermaid, because npm cannot install it" && cd "$root" && return; }
  cat >check.mjs <<'END'
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid sanitizes labels with a library that needs a browser's window.
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
  echo "Mermaid: its parser accepts all"
}

write_drawings
check_dot
check_svg
check_mermaid
