//! Ten thousand damaged files for `import`: each is read as it is or rejected with a message, using little memory.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use typenet::PyTorch;
use typenet::prelude::*;
use typenet::rand::RngExt;

#[path = "support/damage.rs"]
mod damage;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/random_damage.rs"]
mod random_damage;

use memory::memory;
use random_damage::damage_once;

network! {
    struct Net = Affine<3, 4> -> BatchNorm<4> -> Tanh -> Affine<4, 2> -> MeanSquaredError;
}

/// Names and numbers in a header, and replacements for them.
const WORDS: [&str; 22] = [
    "affine1.weight",
    "affine2.weight",
    "affine2.bias",
    "batch_norm1.running_mean",
    "batch_norm1.num_batches_tracked",
    "\"F32\"",
    "\"I64\"",
    "\"F16\"",
    "\"F64\"",
    "[4,3]",
    "[2,4]",
    "[4]",
    "[]",
    "[18446744073709551615,4]",
    "[-1,4]",
    "[4294967296,4294967296]",
    "[[[[[[[[[[[[[[[[",
    "__metadata__",
    "\"pt\"",
    "data_offsets",
    "null",
    "1e999",
];

/// Chooses a text to replace and another one.
fn words(rng: &mut StdRng) -> [&'static str; 2] {
    [WORDS, WORDS].map(|words| words[rng.random_range(0..words.len())])
}

fn damaged(whole: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let (mut file, mut longer) = (whole.to_vec(), 0_u64);
    for _ in 0..rng.random_range(1..4) {
        if !file.is_empty() {
            longer = longer.wrapping_add(damage_once(&mut file, rng, words));
        }
    }
    damage::repair(&mut file, longer);
    file
}

/// The numbers of a tensor in a file, read without the library.
fn tensor(file: &[u8], name: &str) -> Vec<f32> {
    let length = usize::try_from(u64::from_le_bytes(*file.first_chunk().unwrap())).unwrap();
    let header: Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
    assert_eq!(header[name]["dtype"], "F32", "{name}");
    let [start, end] = [0, 1].map(|end| usize::try_from(header[name]["data_offsets"][end].as_u64().unwrap()).unwrap());
    let bytes = &file[8 + length..][start..end];
    bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

// Keep a single test: the memory of others would be measured too.
#[test]
fn damaged_files_are_read_as_they_are_or_rejected_with_little_memory() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("import-mutations");
    let net = Net::<f32>::random(He, &mut StdRng::seed_from_u64(1));
    net.export(&path, PyTorch::new()).unwrap();
    let whole = fs::read(&path).unwrap();
    let (mut loaded, mut most) = (0, 0.0_f64);
    let mut rng = StdRng::seed_from_u64(1);
    for number in 0..10_000 {
        let file = damaged(&whole, &mut rng);
        let _ = fs::remove_file(&path); // overwriting a file waits for the disk on some file systems
        fs::write(&path, &file).unwrap();
        let (used, net) = memory(|| Net::<f32>::import(&path, PyTorch::new()));
        assert!(used < 12 * file.len() + 60_000, "file {number} of {} bytes takes {used}", file.len());
        most = most.max(used as f64 / file.len().max(1000) as f64);
        match net {
            Ok(net) => {
                loaded += 1;
                let names = ["affine1.weight", "affine1.bias", "batch_norm1.weight", "batch_norm1.bias"];
                let names = names.into_iter().chain(["affine2.weight", "affine2.bias"]);
                for (parameter, name) in net.parameters().zip(names) {
                    assert_eq!(parameter.values, tensor(&file, name), "file {number}: {name}");
                }
                assert_eq!(net.batch_norm1.variance.as_slice(), tensor(&file, "batch_norm1.running_var"));
            }
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains(&path.display().to_string()) && message.len() < 4000, "{message}");
            }
        }
    }
    println!("{loaded} of 10000 read; at most {most:.1} times the file's size in memory");
    assert!(loaded > 10 && loaded < 5_000);
    fs::remove_file(path).unwrap();
}
