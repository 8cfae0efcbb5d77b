//! Checks that each file in `tests/fail` gives exactly the errors it expects.
//!
//! A line `//@ 60 | 60 | 50` in a file expects one error at the text `60`, with `60` and `50` in its message. The `.stderr`
//! files hold the whole messages; `docs/errors.md` lists them.

#[allow(dead_code)] // each test uses only part of it
mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use expect_test::expect_file;
use support::Diagnostic;

/// Internal names that must not appear in an error.
const INTERNALS: [&str; 7] = ["VecStorage", "Heap<", "UInt<", "UTerm", "__private", "FallbackLayer", "FallbackForAny"];

/// An error that a file expects.
struct Expected<'a> {
    at: &'a str,
    words: Vec<&'a str>,
}

fn expected(program: &str) -> Vec<Expected<'_>> {
    let lines = program.lines().filter_map(|line| line.strip_prefix("//@ "));
    lines
        .map(|line| {
            let mut parts = line.split(" | ");
            Expected { at: parts.next().expect("a split has a first part"), words: parts.collect() }
        })
        .collect()
}

fn mistakes() -> BTreeMap<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fail");
    let files = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.clone(), fs::read_to_string(path).expect("it can be read")))
        .collect()
}

/// Compares a program's errors with the expected ones. Returns the differences.
fn complaints(program: &str, errors: &[Diagnostic]) -> Vec<String> {
    let expected = expected(program);
    let mut complaints = Vec::new();
    if errors.len() != expected.len() {
        complaints.push(format!("{} errors, not {}", errors.len(), expected.len()));
    }
    for Expected { at, words } in &expected {
        let has = |error: &&Diagnostic| {
            error.at.as_deref() == Some(at) && words.iter().all(|word| error.rendered.contains(word))
        };
        if !errors.iter().any(|error| has(&error)) {
            complaints.push(format!("no error at `{at}` with {words:?}"));
        }
    }
    for error in errors {
        for word in INTERNALS.into_iter().filter(|word| error.rendered.contains(word)) {
            complaints.push(format!("`{word}` is shown"));
        }
    }
    complaints
}

fn main() -> ExitCode {
    support::harness::run(vec![
        ("each_mistake_is_one_error_at_its_token", support::other_compiler(), each_mistake_is_one_error_at_its_token),
        ("the_documented_errors_are_up_to_date", None, the_documented_errors_are_up_to_date),
    ])
}

fn each_mistake_is_one_error_at_its_token() {
    let mistakes = mistakes();
    let programs: Vec<PathBuf> = mistakes.keys().cloned().collect();
    let found = support::check("catalogue", &programs);
    let mut report = String::new();
    for (path, program) in &mistakes {
        let errors = &found[&support::stem(path)];
        for complaint in complaints(program, errors) {
            writeln!(report, "{}: {complaint}", support::stem(path)).expect("a string can be written to");
            for error in errors {
                writeln!(report, "    at {:?}: {}", error.at, error.message).expect("a string can be written to");
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
    let mut lengths: Vec<usize> =
        found.values().flatten().map(|error| error.rendered.trim_end().lines().count()).collect();
    lengths.sort_unstable();
    println!(
        "{} files, {} errors; lines of an error: median {}, longest {}",
        mistakes.len(),
        lengths.len(),
        lengths[lengths.len() / 2],
        lengths[lengths.len() - 1]
    );
    assert!(lengths[lengths.len() / 2] <= 7);
}

/// Run `UPDATE_EXPECT=1 cargo test --test catalogue` to update `docs/errors.md`.
fn the_documented_errors_are_up_to_date() {
    let mut page = "# Error messages

Each mistake in the tests with the compiler's message (Rust 1.95). A test generates this page from the files in
[`tests/fail`](../tests/fail).
"
    .to_owned();
    for (path, program) in mistakes() {
        let stderr = fs::read_to_string(path.with_extension("stderr")).expect("each mistake has its answer beside it");
        let title = support::stem(&path).replace('_', " ");
        let words: Vec<&str> = program.lines().filter_map(|line| line.strip_prefix("//! ")).collect();
        write!(page, "\n## {title}\n\n{}\n\n```text\n{}\n```\n", words.join(" "), stderr.trim_end())
            .expect("a string can be written to");
    }
    expect_file!["../docs/errors.md"].assert_eq(&page);
}
