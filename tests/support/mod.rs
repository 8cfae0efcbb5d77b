//! Checks programs with the compiler and collects its errors.

pub mod harness;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An error reported by the compiler.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The sentence after `error: `.
    pub message: String,
    /// The text of the primary span; `None` if the span is outside the program.
    pub at: Option<String>,
    /// The byte range of the span in the program.
    pub bytes: std::ops::Range<usize>,
    /// The full message as displayed.
    pub rendered: String,
}

/// The compiler version whose messages the tests expect.
const PINNED: &str = "1.95";

/// The reason why a test of compiler messages cannot run here: another compiler version.
pub fn other_compiler() -> Option<String> {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("--version").output().expect("the compiler that built this test is there");
    let version = String::from_utf8_lossy(&version.stdout);
    let pinned = version.starts_with(&format!("rustc {PINNED}."));
    (!pinned).then(|| format!("messages of rustc {PINNED}, but this is {}", version.trim()))
}

/// Checks programs that use `typenet` in one run of cargo. Returns each program's errors, by file stem.
pub fn check(project: &str, programs: &[PathBuf]) -> HashMap<String, Vec<Diagnostic>> {
    let arguments = ["check", "--bins", "--keep-going", "--message-format=json", "--offline"];
    let output = cargo(project, programs, &arguments);
    let mut found: HashMap<String, Vec<Diagnostic>> =
        programs.iter().map(|program| (stem(program), Vec::new())).collect();
    let lines = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let mut unanswered: BTreeSet<String> = found.keys().cloned().collect();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).expect("cargo writes JSON");
        let program = line["target"]["name"].as_str().unwrap_or_default();
        // A compiler crash has the level `error: internal compiler error`.
        let is_error = line["message"]["level"].as_str().is_some_and(|level| level.starts_with("error"));
        if line["reason"] == "compiler-artifact" {
            unanswered.remove(program);
        } else if line["reason"] == "compiler-message" && is_error {
            let source = line["target"]["src_path"].as_str().expect("a target has a file");
            let errors = found.get_mut(program).unwrap_or_else(|| {
                panic!("`{program}`, which the programs need, does not compile: {}", line["message"]["rendered"])
            });
            errors.extend(diagnostic(&line["message"], source));
            unanswered.remove(program);
        }
    }
    // If the compiler is killed, only cargo's own output gives the reason.
    let words = String::from_utf8_lossy(&output.stderr);
    let progress = |line: &&str| ["Checking ", "Compiling "].iter().any(|word| line.trim_start().starts_with(word));
    let reason: Vec<String> = words.lines().filter(|line| !progress(line)).take(20).map(shorten).collect();
    let count = unanswered.len();
    assert!(unanswered.is_empty(), "cargo did not get as far as {count} programs:\n{}", reason.join("\n"));
    found
}

/// Cuts the middle out of a line as long as a compiler invocation.
fn shorten(line: &str) -> String {
    let text: Vec<char> = line.chars().collect();
    match (text.first_chunk::<150>(), text.last_chunk::<50>()) {
        (Some(begin), Some(end)) if text.len() > 200 => {
            format!("{} [...] {}", begin.iter().collect::<String>(), end.iter().collect::<String>())
        }
        _ => line.to_owned(),
    }
}

/// Generates the documentation of a program, including private items. Returns the folder of its pages.
pub fn document(project: &str, program: &Path) -> PathBuf {
    let arguments = ["doc", "--bins", "--no-deps", "--document-private-items", "--offline"];
    let output = cargo(project, &[program.to_owned()], &arguments);
    assert!(output.status.success(), "cargo failed: {}", String::from_utf8_lossy(&output.stderr));
    target().join("doc").join(stem(program))
}

/// Runs cargo in a project with the given programs.
fn cargo(project: &str, programs: &[PathBuf], arguments: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(project);
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    fs::write(folder.join("Cargo.toml"), manifest(project, programs)).expect("the target folder can be written to");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), folder.join("Cargo.lock"))
        .expect("the workspace has a lock file");
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .expect("cargo is there, as it runs this test")
}

/// Returns cargo's target folder for these programs.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs")
}

pub fn stem(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).expect("test files have names in ASCII").to_owned()
}

fn manifest(project: &str, programs: &[PathBuf]) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut manifest = format!(
        "[package]\nname = \"{project}\"\nversion = \"0.0.0\"\nedition = \"2024\"\nautobins = false\n\n\
         [dependencies]\ntypenet = {{ path = {root:?}, features = [\"embed\"] }}\n\n[workspace]\n"
    );
    for program in programs {
        let path = program.to_str().expect("test files have names in ASCII");
        write!(manifest, "\n[[bin]]\nname = {:?}\npath = {path:?}\n", stem(program))
            .expect("a string can be written to");
    }
    manifest
}

/// Parses an error; `None` for the final line with the number of errors.
fn diagnostic(message: &Value, source: &str) -> Option<Diagnostic> {
    let text = message["message"].as_str().expect("a message is a text");
    if text.starts_with("aborting due to") {
        return None;
    }
    let spans = message["spans"].as_array().expect("a message has spans");
    let primary = spans.iter().find(|span| span["is_primary"] == true);
    // The span of a `panic!` in a constant is in the standard library's macro, expanded from the program.
    let mut chain = iter::successors(primary, |span| Some(&span["expansion"]["span"]).filter(|span| span.is_object()));
    let inside = chain.find(|span| span["file_name"].as_str().is_some_and(|file| source.ends_with(file)));
    let bytes = inside.map_or(0..0, |span| {
        let byte =
            |key: &str| usize::try_from(span[key].as_u64().expect("a span has a place")).expect("files are small");
        byte("byte_start")..byte("byte_end")
    });
    let program = fs::read_to_string(source).expect("the program is there");
    Some(Diagnostic {
        message: text.trim_start_matches("evaluation panicked: ").to_owned(),
        at: inside.map(|_| program[bytes.clone()].to_owned()),
        bytes,
        rendered: message["rendered"].as_str().unwrap_or_default().to_owned(),
    })
}
