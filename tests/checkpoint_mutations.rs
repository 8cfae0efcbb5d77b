//! Ten thousand damaged files: each loads unchanged or is rejected with a message, using little memory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use typenet::data::Table;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::Trainer;

#[path = "support/damage.rs"]
mod damage;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/random_damage.rs"]
mod random_damage;

use memory::memory;
use random_damage::damage_once;

network! {
    struct Curve = Affine<1, 4> -> Tanh -> Affine<4, 1> -> MeanSquaredError;
}

type Numbers = Table<f32, Const<1>, Batch<f32, Dyn, Const<1>>>;
type Training<'a> = Trainer<'a, Curve, Adam<Curve>, Numbers>;

fn points() -> Numbers {
    let x: Vec<f32> = (0..30).map(|i| (i as f32) / 30.0).collect();
    let y: Vec<f32> = x.iter().map(|x| (6.0 * x).sin()).collect();
    Table::regression(&x, &y).unwrap()
}

fn training(points: &Numbers, steps: u64) -> Training<'_> {
    let net = Curve::random(Xavier, &mut StdRng::seed_from_u64(1));
    let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), points);
    trainer.validation_split(0.2).batch_size(7).early_stopping(50).iterations(steps)
}

fn bits(net: &Curve) -> Vec<u32> {
    net.parameters().flat_map(|block| block.values.iter().map(|value| value.to_bits())).collect()
}

/// Returns the state of a run, except its times.
fn state(training: &Training) -> impl PartialEq + std::fmt::Debug + use<> {
    let states: Vec<_> = training.optimizer().states().iter().map(bits).collect();
    (bits(training.network()), states, *training.optimizer().common(), training.history().steps.clone())
}

/// Names and numbers in a header.
const WORDS: [&str; 24] = [
    "network.affine1.weight",
    "network.affine2.weight",
    "network.affine2.bias",
    "optimizer.m.affine1.weight",
    "optimizer.v.affine1.weight",
    "best.affine1.weight",
    "history.loss",
    "history.learning_rate",
    "history.evaluations",
    "\"F32\"",
    "\"F64\"",
    "[4,1]",
    "[1,4]",
    "[0,16]",
    "\\\"steps\\\":13",
    "\\\"evaluations\\\":4",
    "\\\"best\\\":true",
    "\\\"waited\\\":0",
    "\\\"optimizer_steps\\\":13",
    "\\\"f32\\\"",
    "Adam",
    "__metadata__",
    "typenet",
    "generator",
];

/// Replacements for them.
const OTHERS: [&str; 16] = [
    "[18446744073709551615,4]",
    "[-1,4]",
    "[4294967296,4294967296]",
    "[]",
    "[[[[[[[[[[[[[[[[",
    "\\\"steps\\\":18446744073709551615",
    "\\\"steps\\\":9007199254740993",
    "\\\"evaluations\\\":18446744073709551615",
    "\\\"optimizer_steps\\\":18446744073709551615",
    "\\\"waited\\\":18446744073709551615",
    "\\\"best\\\":false",
    "\"U8\"",
    "\"F17\"",
    "null",
    "\"",
    "1e999",
];

/// Chooses a text to replace and another one.
fn words(rng: &mut StdRng) -> [&'static str; 2] {
    let [old, new] = [WORDS, WORDS].map(|words| words[rng.random_range(0..words.len())]);
    let new = if rng.random_range(0..2) == 0 { new } else { OTHERS[rng.random_range(0..OTHERS.len())] };
    [old, new]
}

/// Damages a file several times. Returns the file, and `true` if its checksum was repaired.
///
/// A repaired file simulates a deliberate change: only its contents can still be wrong.
fn damaged(whole: &[u8], rng: &mut StdRng) -> (Vec<u8>, bool) {
    let (mut file, mut longer) = (whole.to_vec(), 0_u64);
    for _ in 0..rng.random_range(1..4) {
        if !file.is_empty() {
            longer = longer.wrapping_add(damage_once(&mut file, rng, words));
        }
    }
    let meant = rng.random_range(0..2) == 0;
    if meant {
        damage::repair(&mut file, longer);
    }
    (file, meant)
}

/// Checks that an error names the file.
fn check_refusal(path: &Path, error: &dyn std::error::Error) {
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.len() < 2000, "{message}");
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("checkpoint-mutations");
    fs::create_dir_all(&folder).unwrap();
    folder
}

// Keep a single test: the memory of others would be measured too.
#[test]
fn damaged_files_are_rejected_with_a_message_and_little_memory() {
    let (points, path) = (points(), folder().join("file"));
    let mut first = training(&points, 13).checkpoint(&path, 5);
    first.run().unwrap();
    let whole = fs::read(&path).unwrap();
    let original = training(&points, 13).resume(&path).unwrap();
    let (mut loaded, mut refused, mut most) = (0, 0, 0.0_f64);
    let mut rng = StdRng::seed_from_u64(1);
    for number in 0..10_000 {
        let (file, meant) = damaged(&whole, &mut rng);
        let _ = fs::remove_file(&path); // overwriting a file waits for the disk on some file systems
        fs::write(&path, &file).unwrap();
        let fresh = training(&points, 15);
        let (small, net) = memory(|| Curve::<f32>::load(&path));
        let (large, resumed) = memory(|| fresh.resume(&path));
        let bound = 12 * file.len() + 40_000;
        assert!(small.max(large) < bound, "file {number} of {} bytes takes {small} and {large}", file.len());
        most = most.max((small.max(large)) as f64 / file.len().max(1000) as f64);
        assert!(meant || file == whole || net.is_err() && resumed.is_err(), "file {number} was not meant");
        if let Err(error) = &net {
            check_refusal(&path, error);
        }
        match resumed {
            Err(error) => {
                check_refusal(&path, &error);
                refused += 1;
            }
            Ok(mut resumed) => {
                loaded += 1;
                if file == whole {
                    assert_eq!(state(&resumed), state(&original));
                }
                let _ = resumed.run(); // continues or returns an error
            }
        }
    }
    println!("{loaded} loaded, {refused} refused; at most {most:.1} times the file's size in memory");
    assert!(loaded > 10 && refused > 9_000);
    false_lengths_are_rejected(&whole, &path);
}

/// Checks files with false lengths.
fn false_lengths_are_rejected(whole: &[u8], path: &Path) {
    // A header of a hundred million bytes.
    let file = File::create(path).unwrap();
    file.set_len(200_000_000).unwrap();
    fs::write(path, 100_000_000_u64.to_le_bytes()).unwrap();
    File::options().write(true).open(path).unwrap().set_len(200_000_000).unwrap();
    let (most, refused) = memory(|| Curve::<f32>::load(path));
    let message = refused.expect_err("it is no header").to_string();
    assert!(
        message.ends_with("has a header of 100000000 bytes, but the header of this network has at most 81920"),
        "{message}"
    );
    assert!(most < 50_000, "{most}");

    // A header of the maximum length, with a number in every two bytes.
    let numbers = format!("{{\"a\":{{\"dtype\":\"F32\",\"shape\":[{}0]", "0,".repeat(40_000));
    let bytes = [&(numbers.len() as u64).to_le_bytes()[..], numbers.as_bytes()].concat();
    fs::write(path, bytes).unwrap();
    let (most, refused) = memory(|| Curve::<f32>::load(path));
    assert!(refused.is_err());
    assert!(most < 100 * numbers.len(), "{most}");

    // An unused tensor of 64 megabytes, which is read for the checksum only.
    let header = usize::try_from(u64::from_le_bytes(*whole.first_chunk().unwrap())).unwrap();
    let (mut bytes, data) = (whole.to_vec(), whole.len() - 8 - header);
    bytes.resize(whole.len() + (64 << 20), 0);
    let surplus = format!(r#""unknown":{{"dtype":"F32","shape":[{}],"data_offsets":[{data},"#, 16 << 20);
    let surplus = surplus + &format!("{}]}},\"history.best_loss\":", data + (64 << 20));
    let longer = damage::replace(&mut bytes, "\"history.best_loss\":", &surplus).unwrap();
    damage::repair(&mut bytes, longer);
    fs::write(path, &bytes).unwrap();
    let (most, net) = memory(|| Curve::<f32>::load(path));
    net.unwrap();
    assert!(most < 200_000, "{most}");
    fs::remove_file(path).unwrap();
}
