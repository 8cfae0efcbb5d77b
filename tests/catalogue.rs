//! Every mistake of `tests/fail` is as many errors as it says, each at the text that it says, with the words that it says.
//!
//! A line `//@ 60 | 60 | 50` in a file asks for one error, whose primary span is the text `60`, and whose message
//! contains `60` and `50`. The `.stderr` files beside them hold the whole messages; `docs/errors.md` shows those.

#[allow(dead_code)] // this test uses a part of it
mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use support::Diagnostic;

/// What no user should ever have to read.
const INTERNALS: [&str; 7] = ["VecStorage", "Heap<", "UInt<", "UTerm", "__private", "FallbackLayer", "FallbackForAny"];

/// What a file asks of one error.
struct Wanted<'a> {
    at: &'a str,
    words: Vec<&'a str>,
}

fn wanted(program: &str) -> Vec<Wanted<'_>> {
    let lines = program.lines().filter_map(|line| line.strip_prefix("//@ "));
    lines
        .map(|line| {
            let mut parts = line.split(" | ");
            Wanted { at: parts.next().expect("a split has a first part"), words: parts.collect() }
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

/// What is wrong with the errors of a program.
fn complaints(program: &str, errors: &[Diagnostic]) -> Vec<String> {
    let wanted = wanted(program);
    let mut complaints = Vec::new();
    if errors.len() != wanted.len() {
        complaints.push(format!("{} errors, not {}", errors.len(), wanted.len()));
    }
    for Wanted { at, words } in &wanted {
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

#[test]
fn each_mistake_is_one_error_at_its_token() {
    if !support::words_are_known() {
        return;
    }
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

/// `docs/errors.md` is written from the files: `UPDATE_EXPECT=1 cargo test --test catalogue` writes it anew.
#[test]
fn the_documented_errors_are_the_real_ones() {
    let mut page = "# What the compiler says

Every mistake that the tests know, with the compiler's answer (Rust 1.95). This page is written from the files in
[`tests/fail`](../tests/fail) by a test.
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
