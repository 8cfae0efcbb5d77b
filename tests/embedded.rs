//! The example `embedded`, a program without the standard library and without an allocator, does what `typenet` with
//! `std` does, and its file contains no more than that.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use typenet::prelude::*;

network! {
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

/// The bytes of the network's 39,760 parameters.
const WEIGHTS: u64 = 39_760 * 4;

/// A program that does nothing, to compare sizes with.
const EMPTY: &str = r#"
#![no_std]
#![no_main]

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    0
}

#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/embedded")
}

/// Runs a command, and returns its output.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the output is text")
}

/// Builds a package that is not in this workspace, in a target folder of its own.
fn build(manifest: &Path, name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without_std");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--offline", "--quiet", "--manifest-path"]).arg(manifest);
    output(cargo.arg("--target-dir").arg(&target).env_remove("RUSTFLAGS"));
    target.join("release").join(name)
}

/// The manifest of the program in `no_std/program.rs`.
fn manifest_of_layers() -> PathBuf {
    let (library, folder) = (env!("CARGO_MANIFEST_DIR"), Path::new(env!("CARGO_TARGET_TMPDIR")).join("layers"));
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    let example = fs::read_to_string(self::folder().join("Cargo.toml")).expect("the example has a manifest");
    let (_, rest) = example.split_once("[dependencies]").expect("the example has dependencies");
    let rest = rest.replace("../..", library);
    let package = "[package]\nname = \"layers\"\nversion = \"0.0.0\"\nedition = \"2024\"";
    let program = format!("[[bin]]\nname = \"layers\"\npath = \"{library}/tests/no_std/program.rs\"");
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, format!("{package}\n\n{program}\n\n[dependencies]{rest}")).expect("the folder is there");
    fs::copy(Path::new(library).join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace has a lock file");
    manifest
}

fn build_empty_program() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, EMPTY).expect("the target folder can be written to");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "-Copt-level=3", "-Cpanic=abort", "-Clto=fat", "-Cstrip=debuginfo", "-o"]);
    output(rustc.arg(&program).arg(&source));
    program
}

fn contains(program: &[u8], text: &str) -> bool {
    program.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the example calls the C library of Linux")]
fn the_example_reads_the_digit_and_contains_nothing_else() {
    let program = build(&folder().join("Cargo.toml"), "embedded");

    let net = TwoLayerNet::load(folder().join("weights/two_layer_net.safetensors")).expect("the file fits the network");
    let pixels = fs::read(folder().join("weights/digit.bin")).expect("the digit is there");
    let x = SMatrix::<f32, 784, 1>::from_fn(|pixel, _| f32::from_pixel(pixels[pixel]));
    let (digit, probability) = net.infer_probabilities(&x).argmax();
    assert_eq!(output(&mut Command::new(&program)), format!("{digit}, {:03} %\n", (probability * 100.0).floor()));

    let size = |program: &Path| fs::metadata(program).expect("the program is there").len();
    let more = size(&program) - size(&build_empty_program()) - WEIGHTS;
    println!("{} bytes, {more} more than an empty program and the weights", size(&program));
    assert!(more <= 20 * 1024, "{more} bytes more than an empty program and the weights");

    let bytes = fs::read(&program).expect("the program is there");
    assert!(contains(&bytes, "write"), "the program has its table of symbols");
    for symbol in ["malloc", "alloc", "panic", "backward", "gradient", "descend", "is_x86_feature_detected"] {
        assert!(!contains(&bytes, symbol), "the program contains `{symbol}`");
    }
    if cfg!(target_arch = "x86_64") {
        match Command::new("objdump").arg("-d").arg(&program).output() {
            Ok(code) => assert_single_precision(&String::from_utf8_lossy(&code.stdout)),
            Err(error) => println!("skipped: the search for double precision, because objdump cannot run: {error}"),
        }
    }
}

/// Checks that a program computes in `f32` alone.
fn assert_single_precision(code: &str) {
    assert!(code.contains("mulss") || code.contains("mulps"), "the program multiplies");
    for instruction in ["cvtss2sd", "cvtsd2ss", "cvtps2pd", "cvtpd2ps", "mulsd", "addsd", "mulpd", "addpd", "divsd"] {
        assert!(!code.contains(instruction), "the program contains the instruction `{instruction}`");
    }
}

mod layers {
    use super::*;

    include!("no_std/networks.rs");

    /// The outputs with the standard library.
    pub fn outputs() -> Vec<f32> {
        let mut all = Vec::new();
        run(|outputs| all.extend_from_slice(outputs));
        all
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the program calls the C library of Linux")]
fn every_layer_works_without_std() {
    let program = build(&manifest_of_layers(), "layers");
    let found = Command::new(&program).output().expect("the program can be started").stdout;
    let found: Vec<f32> = found.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let wanted = layers::outputs();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert!((found - wanted).abs() <= 1e-5 * wanted.abs().max(0.1), "{found}, not {wanted}");
    }
    let bytes = fs::read(&program).expect("the program is there");
    for symbol in ["malloc", "backward", "gradient", "winograd"] {
        assert!(!contains(&bytes, symbol), "the program contains `{symbol}`");
    }
}

static WEIGHT: [f32; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
static BIAS: [f32; 2] = [0.5, -0.5];

network! { struct Line = Affine<3, 2> -> MeanSquaredError; }

static LINE: Line = Line::from_layers(
    Affine { weight: Batch::from_static(&WEIGHT), bias: Batch::from_static(&BIAS) },
    MeanSquaredError,
);

#[test]
fn a_static_network_uses_its_weights_in_place() {
    assert_eq!(LINE.infer(&SMatrix::<f32, 3, 1>::new(1.0, 10.0, 100.0)).as_slice(), [321.5, 653.5]);
    assert_eq!(LINE.affine1.weight.data.values().as_ptr(), WEIGHT.as_ptr());
    let copy = LINE.clone();
    assert_eq!(copy.affine1.weight.data.values().as_ptr(), WEIGHT.as_ptr());
}

#[test]
fn a_copy_of_a_static_network_learns() {
    let mut net = LINE.clone();
    let x = SMatrix::<f32, 2, 3>::new(1.0, 0.0, 0.5, 0.0, 1.0, -0.5);
    let target = Batch::from([[0.0, 1.0], [1.0, 0.0]]);
    let before = net.loss(&x, &target);
    let predicted = LINE.predict(&x);
    for _ in 0..200 {
        net.descend(&x, &target, 0.3);
    }
    assert!(net.loss(&x, &target) < 1e-3 * before, "{} from {before}", net.loss(&x, &target));
    assert_ne!(net.affine1.weight.data.values().as_ptr(), WEIGHT.as_ptr());
    assert_eq!(LINE.predict(&x), predicted, "the original does not change");
    assert_eq!(LINE.affine1.weight.data.values(), WEIGHT);
}
