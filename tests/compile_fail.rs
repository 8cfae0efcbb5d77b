//! Files in `tests/fail` must not compile, with the expected messages. Files in `tests/pass` must compile and run.

#[allow(dead_code)] // each test uses only part of it
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    support::harness::run(vec![
        ("mistakes_are_explained", support::other_compiler(), mistakes_are_explained),
        ("valid_programs_compile_and_run", None, valid_programs_compile_and_run),
    ])
}

fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}

fn valid_programs_compile_and_run() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}
