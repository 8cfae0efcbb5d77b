//! Checks the compiler messages and the first program in README.md.

use std::fs;
use std::path::Path;

#[test]
fn error_messages_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let shown: Vec<&str> = readme.split("```text\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(shown.len(), 2);
    for (shown, file) in shown.iter().zip(["second_affine_takes_too_many_features", "const_width_does_not_fit"]) {
        let real = fs::read_to_string(root.join("tests/fail").join(file).with_extension("stderr")).unwrap();
        assert_eq!(shown.trim_end(), real.trim_end());
    }
}

/// After the data, three lines train and evaluate a network.
#[test]
fn the_first_program_is_short() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let program = readme.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    let (before, after) = program.split_once("digits::generate").unwrap();
    let lines = after.lines().skip(1).filter(|line| !line.is_empty()).take_while(|line| !line.contains("Ok(())"));
    assert_eq!((before.contains("network! {"), lines.count()), (true, 3));
}
