//! Random networks: gradients agree with finite differences, every layer learns, and files preserve every bit.
//!
//! Sizes are part of a network's type, so random networks are random programs. The test generates and runs a program of
//! networks with 1 to 5 `Affine` layers and random widths, activations, losses and batches.
//! `TYPENET_SEED=7 cargo test --test random_networks` tests other networks.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use rand::seq::IndexedRandom;
use typenet::rand::{self, RngExt, SeedableRng, rngs::StdRng};

const NETWORKS: usize = 40;

/// The target of a loss.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Classes,
    Numbers,
    /// Fractions of 1, one for each output.
    Fractions,
    /// Shares of 1 that the outputs divide.
    Shares,
}

/// A network and the batch for its check.
struct Case {
    chain: Vec<String>,
    input: usize,
    output: usize,
    loss: String,
    target: Target,
    samples: usize,
    dynamic: bool,
    scalar: &'static str,
}

impl Case {
    fn random(rng: &mut StdRng) -> Self {
        let layers = rng.random_range(1..=5);
        let widths: Vec<usize> = (0..=layers).map(|_| rng.random_range(1..=40)).collect();
        let mut chain = Vec::new();
        for (place, ends) in widths.windows(2).enumerate() {
            chain.push(format!("Affine<{}, {}>", ends[0], ends[1]));
            if place + 1 < layers {
                let activations = [
                    "Relu",
                    "LeakyRelu(0.2)",
                    "Elu",
                    "Elu(0.5)",
                    "Gelu",
                    "GeluExact",
                    "Silu",
                    "Softplus",
                    "Sigmoid",
                    "Tanh",
                    "Tanh -> Sigmoid",
                ];
                chain.push((*activations.choose(rng).expect("there are some")).to_owned());
            }
        }
        if rng.random_bool(0.2) {
            chain.splice(0..0, [format!("Input<{}>", widths[0]), "Tanh".to_owned()]);
        }
        let weights: Vec<String> = (0..widths[layers]).map(|_| format!("{:.2}", rng.random_range(0.1..3.0))).collect();
        let weights = format!("[{}]", weights.join(", "));
        let (loss, target) = match rng.random_range(0..10) {
            0 | 1 => ("SoftmaxWithLoss".to_owned(), Target::Classes),
            2 => ("SoftmaxWithLoss(label_smoothing = 0.1)".to_owned(), Target::Classes),
            3 => (
                format!("SoftmaxWithLoss(label_smoothing = 0.2, class_weights = {weights}, ignore_class = 0)"),
                Target::Classes,
            ),
            4 => ("SoftmaxWithSoftTargets".to_owned(), Target::Shares),
            5 => ("SigmoidWithLoss".to_owned(), Target::Fractions),
            6 => (format!("SigmoidWithLoss(pos_weight = {weights})"), Target::Fractions),
            7 => ("Huber(0.5)".to_owned(), Target::Numbers),
            8 => ("MeanAbsoluteError".to_owned(), Target::Numbers),
            _ => ("MeanSquaredError".to_owned(), Target::Numbers),
        };
        Self {
            chain,
            input: widths[0],
            output: widths[layers],
            loss,
            target,
            samples: rng.random_range(1..=12),
            dynamic: rng.random(),
            scalar: if rng.random() { "f32" } else { "f64" },
        }
    }

    /// Statements that change all hyperparameters from their declared values.
    fn settings(&self) -> String {
        let (mut counts, mut statements) = (HashMap::new(), String::new());
        for layer in &self.chain {
            for (kind, field, setting) in [("LeakyRelu", "leaky_relu", "negative_slope"), ("Elu", "elu", "alpha")] {
                if layer.starts_with(kind) {
                    let number = counts.entry(kind).and_modify(|count| *count += 1).or_insert(1);
                    write!(statements, "net.{field}{number}.{setting} = rng.random_range(0.1..1.5);")
                        .expect("a string can be written to");
                }
            }
        }
        statements
    }

    /// Returns the declaration and the function that checks the network.
    fn write(&self, number: usize, program: &mut String) -> std::fmt::Result {
        let Self { input, output, samples, scalar, loss, .. } = self;
        let n = if self.dynamic { format!("Dyn({samples})") } else { format!("Const::<{samples}>") };
        let target = if self.target == Target::Classes {
            format!(
                "let classes: Vec<usize> = (0..{samples}).map(|_| rng.random_range(0..{output})).collect();
    let target = Labels::new({n}, &classes).unwrap();"
            )
        } else {
            let (least, shares) = match self.target {
                Target::Numbers => ("-1.0", ""),
                Target::Shares => ("0.1", "target.row_iter_mut().for_each(|mut row| row /= row.sum());"),
                _ => ("0.0", ""),
            };
            format!(
                "let mut target = Batch::zeros({n}, Const::<{output}>);
    target.apply(|value| *value = rng.random_range({least}..1.0));
    {shares}"
            )
        };
        let settings = self.settings();
        write!(
            program,
            "
network! {{ struct Net{number} = {chain} -> {loss}; }}

fn check{number}(rng: &mut StdRng) {{
    let mut net: Net{number}<{scalar}> = Net{number}::random(Xavier, rng);
    for index in 0.. {{
        let Some(values) = net.parameter_mut(index) else {{ break }};
        values.iter_mut().for_each(|value| *value += rng.random_range(-0.1..0.1));
    }}
    {settings}
    let mut x = Batch::zeros({n}, Const::<{input}>);
    x.apply(|value| *value = rng.random_range(-1.0..1.0));
    {target}
    let check = GradientCheck::new().at_most(60).seed({number});
    if let Err(error) = check.run(&net, &x, &target) {{
        panic!(\"{chain} -> {loss}, {samples} samples: {{error}}\");
    }}
    let file = std::env::temp_dir().join(format!(\"typenet-random-{{}}-{number}\", std::process::id()));
    net.save(&file).unwrap();
    let loaded = Net{number}::<{scalar}>::load(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(loaded.predict(&x), net.predict(&x), \"{chain}: saved and loaded\");
    // A gradient may be zero only if all units of a layer are dead. Otherwise a step must change the parameters.
    let (before, gradient) = (loaded, net.gradient(&x, &target));
    net.descend(&x, &target, 0.1);
    for ((before, after), gradient) in before.parameters().zip(net.parameters()).zip(gradient.parameters()) {{
        let is_zero = gradient.values.iter().all(|value| value.abs() < 1e-6);
        assert!(is_zero || before.values != after.values, \"{chain}: `{{after}}` has not learned\");
    }}
}}
",
            chain = self.chain.join(" -> "),
        )
    }
}

#[test]
fn gradients_of_random_networks_agree_with_differences() {
    let seed = std::env::var("TYPENET_SEED").map_or(1, |seed| seed.parse().expect("TYPENET_SEED is a number"));
    println!("TYPENET_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut program = "#![allow(unused_imports, clippy::all)]
use typenet::rand::RngExt;
use typenet::{Labels, prelude::*};
"
    .to_owned();
    let mut calls = String::new();
    for number in 0..NETWORKS {
        Case::random(&mut rng).write(number, &mut program).expect("a string can be written to");
        writeln!(calls, "    check{number}(&mut rng);").expect("a string can be written to");
    }
    write!(program, "\nfn main() {{\n    let mut rng = StdRng::seed_from_u64({seed});\n{calls}}}\n")
        .expect("a string can be written to");

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random_networks.rs");
    std::fs::write(&path, program).expect("the target folder can be written to");
    trybuild::TestCases::new().pass(path);
}
