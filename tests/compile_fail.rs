//! Files in `tests/fail` must not compile, with the expected messages. Files in `tests/pass` must compile and run.

#[allow(dead_code)] // each test uses only part of it
mod support;

#[test]
fn mistakes_are_explained() {
    if support::is_pinned_compiler() {
        trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
    }
}

#[test]
fn valid_programs_compile_and_run() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}
