#!/usr/bin/env bash
# Downloads the four files of MNIST to data/mnist in the project, or to DIR, and verifies their checksums.
#
#     scripts/get-mnist.sh [DIR]
set -euo pipefail
folder=${1:-$(dirname "$0")/../data/mnist}

# Two mirrors; the original site requires a password.
mirrors="https://storage.googleapis.com/cvdf-datasets/mnist https://ossci-datasets.s3.amazonaws.com/mnist"

# SHA-256 of the decompressed files.
checksums="
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 t10k-labels-idx1-ubyte
"

checksum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1
}

fetch() {
  for mirror in $mirrors; do
    if curl --fail --silent --show-error --location --output "$2" "$mirror/$1.gz"; then return 0; fi
  done
  echo "cannot download $1.gz from any mirror" >&2
  return 1
}

mkdir -p "$folder"
echo "$checksums" | while read -r wanted name; do
  [ -n "$name" ] || continue
  file="$folder/$name.gz"
  if [ ! -f "$file" ]; then
    fetch "$name" "$file.part"
    mv "$file.part" "$file"
  fi
  found=$(gzip --decompress --stdout "$file" 2>/dev/null | checksum) || true
  if [ "$found" != "$wanted" ]; then
    echo "$file is damaged: the SHA-256 of its content is $found, not $wanted; remove it and try again" >&2
    exit 1
  fi
  echo "$file"
done
