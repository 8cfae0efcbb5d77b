//! Compiles and runs generated programs that use the library.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the path of the library that the test of this name is linked with.
pub fn library(test: &str) -> PathBuf {
    let test = ["test", "--no-run", "--offline", "--message-format=json", "--test", test];
    let output = Command::new(env!("CARGO")).args(test).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = String::from_utf8(output.expect("cargo runs").stdout).expect("its messages are text");
    let messages = output.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut libraries = messages.filter(|message| message["target"]["name"] == "typenet");
    let library = libraries.find_map(|message| message["filenames"][0].as_str().map(PathBuf::from));
    library.expect("cargo lists the library")
}

/// Compiles and runs a program.
///
/// Without `trybuild`: that compiles programs and the library with debug information and without optimization, which takes
/// three times as long.
pub fn run(library: &Path, name: &str, program: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, binary) = (folder.join(format!("{name}.rs")), folder.join(name));
    std::fs::write(&source, program).expect("the target folder can be written to");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "-Cdebuginfo=0", "--cap-lints=allow", "-o"]).arg(&binary).arg(&source);
    let dependencies = library.parent().expect("a file is in a folder");
    rustc.arg("-L").arg(format!("dependency={}", dependencies.display()));
    rustc.arg("--extern").arg(format!("typenet={}", library.display()));
    for mut command in [rustc, Command::new(binary)] {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let [text, errors] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        println!("{}", text.trim_end());
        assert!(output.status.success(), "{}: {errors}", source.display());
    }
}

/// A program with these declarations, whose calls pass a chain and its check to `run`.
pub fn checks(imports: &str, inputs: &str, declarations: &str, calls: &str, rounding: f64) -> String {
    let support = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/any_network.rs");
    format!(
        "#[path = r\"{}\"]
mod any_network;
use any_network::{{{imports}}};
use typenet::prelude::*;
{declarations}
fn main() {{
    {inputs}
    let mut largest = 0.0_f64;
    let mut run = |chain: &str, check: &dyn Fn() -> f64| {{
        println!(\"{{chain}}\");
        largest = largest.max(check());
    }};
{calls}    println!(\"infer and predict differ by {{largest:e}}\");
    assert!(largest < {rounding:e});
}}
",
        support.display()
    )
}

/// The seed of random tests: `TYPENET_SEED`, or else 1.
pub fn seed() -> u64 {
    let seed = std::env::var("TYPENET_SEED").map_or(1, |seed| seed.parse().expect("TYPENET_SEED is a number"));
    println!("TYPENET_SEED={seed}");
    seed
}
