//! What does not fit does not compile, and says why in few words; what fits compiles and runs.

#[allow(dead_code)] // this test uses a part of it
mod support;

#[test]
fn mistakes_are_explained() {
    if support::words_are_known() {
        trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
    }
}

#[test]
fn what_fits_compiles_and_runs() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}
