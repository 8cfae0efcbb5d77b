//! Mutates one token of valid declarations: the macro never panics, and reports the error at the change.
//!
//! A token is dropped, doubled, swapped with the next or replaced. `TYPENET_SEED=7 cargo test --test mutations` tests other
//! mutations.

#[allow(dead_code)] // each test uses only part of it
mod support;

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use support::Diagnostic;
use typenet::rand::seq::IndexedRandom;
use typenet::rand::{RngExt, SeedableRng, rngs::StdRng};

const MUTATIONS: usize = 40;

const DECLARATIONS: [&str; 5] = [
    "pub struct Net = Affine < 784 , 50 > -> Relu -> Affine < 50 , 10 > -> SoftmaxWithLoss ;",
    "struct Net = Input < 6 > -> Tanh -> hidden : Affine < 6 , HIDDEN > -> Sigmoid -> Affine < HIDDEN , 2 > -> MeanSquaredError ;",
    "#[derive(Clone)] struct Net < const H : usize > = Affine < 4 , H > -> Relu -> Affine < H , 2 > -> SoftmaxWithLoss ;",
    "struct One = Affine < 4 , 2 > -> SoftmaxWithLoss ; struct Two = Affine < 2 , { HIDDEN * 2 } > -> MeanSquaredError ;",
    "pub ( crate ) struct Net = Affine < 9 , 8 > -> Relu -> Affine < 8 , 7 > -> Tanh -> Affine < 7 , 6 > -> SoftmaxWithLoss ;",
];

const REPLACEMENTS: [&str; 16] =
    ["->", "=>", "-", ",", ";", ":", "<", ">", "=", "0", "51", "\"50\"", "Relu", "Affine", "Reul", "fn"];

const BEFORE: &str =
    "#![allow(dead_code, unused_imports)]\nuse typenet::prelude::*;\n\nconst HIDDEN: usize = 3;\n\nnetwork! {\n    ";

/// A mutated program.
struct Mutation {
    program: String,
    /// The byte range of the change.
    place: Range<usize>,
    description: String,
}

fn mutate(rng: &mut StdRng) -> Mutation {
    let declaration = DECLARATIONS.choose(rng).expect("there are some");
    let mut tokens: Vec<&str> = declaration.split(' ').collect();
    let at = rng.random_range(0..tokens.len());
    let description = match rng.random_range(0..4) {
        0 => format!("dropped `{}`", tokens.remove(at)),
        1 => {
            tokens.insert(at, tokens[at]);
            format!("doubled `{}`", tokens[at])
        }
        2 if at + 1 < tokens.len() => {
            tokens.swap(at, at + 1);
            format!("swapped `{}` and `{}`", tokens[at + 1], tokens[at])
        }
        _ => {
            let new = REPLACEMENTS.choose(rng).expect("there are some");
            format!("`{}` became `{new}`", std::mem::replace(&mut tokens[at], new))
        }
    };
    // The place reaches from the token before the change to the one after it.
    let first = BEFORE.len() + tokens[..at.saturating_sub(1)].iter().map(|token| token.len() + 1).sum::<usize>();
    let length: usize = tokens.iter().skip(at.saturating_sub(1)).take(4).map(|token| token.len() + 1).sum();
    let program = format!("{BEFORE}{}\n}}\n\nfn main() {{}}\n", tokens.join(" "));
    Mutation { program, place: first..first + length, description }
}

/// Returns `true` if an error is at the change, or names the sizes that disagree after it.
fn points_at(error: &Diagnostic, place: &Range<usize>) -> bool {
    error.bytes.start < place.end && place.start < error.bytes.end
}

#[test]
fn changed_declarations_are_explained() {
    let seed = std::env::var("TYPENET_SEED").map_or(1, |seed| seed.parse().expect("TYPENET_SEED is a number"));
    let mut rng = StdRng::seed_from_u64(seed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated");
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    let mutations: Vec<Mutation> = (0..MUTATIONS).map(|_| mutate(&mut rng)).collect();
    let programs: Vec<PathBuf> = (0..MUTATIONS).map(|number| folder.join(format!("mutation{number}.rs"))).collect();
    for (path, mutation) in programs.iter().zip(&mutations) {
        fs::write(path, &mutation.program).expect("the target folder can be written to");
    }
    let found = support::check("mutations", &programs);

    let (mut good, mut pointed, mut wrong) = (0, 0, String::new());
    for (path, mutation) in programs.iter().zip(&mutations) {
        let errors = &found[&support::stem(path)];
        good += usize::from(errors.is_empty());
        pointed += usize::from(errors.iter().any(|error| points_at(error, &mutation.place)));
        for error in errors {
            let whole = error.at.as_deref().is_none_or(|at| at.starts_with("network!"));
            if whole || error.message.contains("panicked") {
                writeln!(wrong, "{}\n{}\n{}", mutation.description, mutation.program, error.rendered)
                    .expect("a string can be written to");
            }
        }
        if !errors.is_empty() && !errors.iter().any(|error| points_at(error, &mutation.place)) {
            println!(
                "elsewhere: {}: {:?}",
                mutation.description,
                errors.iter().map(|error| &error.message).collect::<Vec<_>>()
            );
        }
    }
    println!("seed {seed}: {good} of {MUTATIONS} compile still, {pointed} errors point at the change");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(
        10 * (good + pointed) >= 9 * MUTATIONS,
        "{good} compile, {pointed} of {MUTATIONS} errors point at the change"
    );
}
