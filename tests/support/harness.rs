//! A test harness that reports a test as ignored, with the reason, if this machine cannot run it.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// A test: its name, the reason why it cannot run here, and its function.
pub type Test = (&'static str, Option<String>, fn());

/// Runs all tests; with `--include-ignored` also those with a reason against it.
pub fn run(tests: Vec<Test>) -> ExitCode {
    let trials = tests.into_iter().map(|(name, reason, test)| {
        let is_ignored = reason.is_some();
        let run = move || {
            test();
            Ok(())
        };
        Trial::test(name, run).with_kind(reason.unwrap_or_default()).with_ignored_flag(is_ignored)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
