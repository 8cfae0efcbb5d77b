//! What does not fit does not compile, and says why in few words.

use std::process::Command;

/// The compiler whose words are pinned in `tests/fail/*.stderr`.
const PINNED: &str = "1.95";

#[test]
fn mistakes_are_explained() {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("--version").output().expect("the compiler that built this test is there");
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.starts_with(&format!("rustc {PINNED}.")) {
        println!("skipped: the messages are pinned to rustc {PINNED}, this is {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}

#[test]
fn what_fits_compiles_and_runs() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}
