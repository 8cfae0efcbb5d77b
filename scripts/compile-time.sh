#!/usr/bin/env bash
# Measures the compile time of a program that uses the library. Times are medians.
#
#     scripts/compile-time.sh [--against DIR]
#
# With --against, it also builds the program in DIR, such as one that uses another library.
set -euo pipefail

against=
case "$#:${1-}" in
  0:) ;;
  2:--against) against=$(cd "$2" && pwd) ;;
  *) echo "usage: scripts/compile-time.sh [--against DIR]" >&2 && exit 2 ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export CARGO_TARGET_DIR="$temp/target"
export RUSTC_WRAPPER="" # a compiler cache would hide the compile time
export LC_ALL=C TIMEFORMAT=%3R

# A program with the settings recommended in the README and the repository's locked versions.
mkdir -p "$temp/program/src"
cp "$root/Cargo.lock" "$temp/program"
cat >"$temp/program/Cargo.toml" <<END
[package]
name = "program"
edition = "2024"

[dependencies]
typenet = { path = "$root" }

[profile.dev]
opt-level = 1

[profile.dev.package."*"]
opt-level = 3
END

# write_program CHAIN [BLOCKS]: a training step of a network with that chain of layers and those declarations of blocks.
write_program() {
  cat >"$temp/program/src/main.rs" <<END
use typenet::prelude::*;

network! { ${2-} struct Net = $1 -> SoftmaxWithLoss; }

fn main() {
    let mut net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let (x, labels) = (Samples::zeros(Const::<100>, Const), Labels::zeros(Const));
    println!("{}", net.descend(&x, &labels, 0.1));
}
END
}

write_program_without_a_network() {
  cat >"$temp/program/src/main.rs" <<END
use typenet::prelude::*;

fn main() {
    println!("{}", Batch::<f32, _, _>::zeros(Const::<100>, Const::<32>));
}
END
}

# chain COUNT: prints a chain of COUNT layers.
chain() {
  printf 'Affine<32, 32> -> Tanh'
  for ((layers = 2; layers < $1; layers += 2)); do printf ' -> Affine<32, 32> -> Tanh'; done
}

# convolutions COUNT: prints a chain of COUNT convolutions, each of other channels and over another image.
convolutions() {
  printf 'Input<1, 300, 300>'
  for ((layer = 1; layer <= $1; layer++)); do
    printf ' -> Conv2d<%d, %d, 3> -> BatchNorm<_> -> Relu' "$layer" "$((layer + 1))"
  done
  printf ' -> GlobalAveragePool -> Affine<_, 10>'
}

# blocks COUNT: prints declarations of COUNT blocks.
blocks() {
  for ((block = 1; block <= $1; block++)); do
    printf 'block Block%d = Residual[Affine<32, 32> -> Tanh -> Affine<32, 32>] -> Tanh;\n' "$block"
  done
}

# uses COUNT: prints a chain of these blocks.
uses() {
  printf 'Affine<784, 32>'
  for ((block = 1; block <= $1; block++)); do printf ' -> Block%d' "$block"; done
}

# nested DEPTH: prints declarations of blocks, each of them twice inside the next one.
nested() {
  printf 'block Nested1 = Input<32> -> Tanh -> Affine<32, 32>;\n'
  for ((depth = 2; depth <= $1; depth++)); do
    printf 'block Nested%d = Input<32> -> Nested%d -> Sum[Nested%d | Identity];\n' "$depth" "$((depth - 1))" "$((depth - 1))"
  done
}

# Preparations before a timed run. They receive the number of the run.
remove_build() { rm -rf "$CARGO_TARGET_DIR"; }
change_a_size() { write_program "Affine<784, $((50 + $1))> -> Relu -> Affine<$((50 + $1)), 10>"; }
touch_the_source() { touch "$temp/program/src/main.rs"; }

# cargo_in DIR ARGUMENTS...
cargo_in() { (cd "$1" && shift && cargo "$@"); }

# median RUNS PREPARE DIR ARGUMENTS...: prints cargo's median time in DIR, in milliseconds.
median() {
  local runs=$1 prepare=$2 seconds run
  shift 2
  for ((run = 1; run <= runs; run++)); do
    "$prepare" "$run"
    seconds=$({ time cargo_in "$@" --locked --offline >"$temp/log" 2>&1; } 2>&1) || { cat "$temp/log" >&2 && exit 1; }
    echo "$((10#${seconds/./}))"
  done | sort -n | sed -n "$((runs / 2 + 1))p"
}

# dependencies DIR: prints the number of crates that the program in DIR depends on.
dependencies() {
  cargo_in "$1" tree --edges normal --prefix none --no-dedupe --locked --offline | tail -n +2 | sort -u | grep -c .
}

show() { printf '%-48s%10s\n' "$1" "$2"; }
show_time() { show "$1" "$(printf '%d.%03d s' "$(($2 / 1000))" "$(($2 % 1000))")"; }

change_a_size 0
for folder in "$temp/program" ${against:+"$against"}; do cargo_in "$folder" fetch --quiet; done
rustc --version

if [ -n "$against" ]; then
  show "crates that $(basename "$against") depends on" "$(dependencies "$against")"
  show_time "  cold release build" "$(median 3 remove_build "$against" build --release)"
fi
show "crates that a program with typenet depends on" "$(dependencies "$temp/program")"
show_time "  cold release build" "$(median 3 remove_build "$temp/program" build --release)"
for command in build check; do
  cargo_in "$temp/program" "$command" --quiet --offline
  show_time "  one size changed, cargo $command" "$(median 15 change_a_size "$temp/program" "$command")"
done

# Check the whole program, not only the changes. On a busy machine, only processor time shows such small differences.
export CARGO_INCREMENTAL=0
TIMEFORMAT=%3U
write_program_without_a_network
cargo_in "$temp/program" check --quiet --offline
without=$(median 15 touch_the_source "$temp/program" check)
show "cargo check without a network, processor time" "$without ms"
show_extra() { show "  extra for $1" "$(($(median 15 touch_the_source "$temp/program" check) - without)) ms"; }
for layers in 2 10 50 100; do
  write_program "$(chain "$layers")"
  show_extra "a network of $layers layers"
done
for layers in 2 10 50 100; do
  write_program "$(convolutions "$layers")"
  show_extra "$layers convolutions with BatchNorm and Relu"
done
write_program "$(uses 100)" "$(blocks 100)"
show_extra "100 blocks"
write_program "Affine<784, 32> -> Nested6" "$(nested 6)"
show_extra "blocks nested six deep"
