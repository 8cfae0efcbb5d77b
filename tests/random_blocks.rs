//! Random networks of blocks, residuals, branches and all layers, up to 4 levels deep.
//!
//! The test generates and runs programs, which run the checks of `support/any_network.rs` for each network: gradients
//! agree with finite differences, a step changes all parameters and statistics, files and any number of threads preserve
//! every bit, and single samples give the output of a batch.
//! `TYPENET_SEED=7 cargo test --test random_blocks` tests other networks.

#[path = "support/program.rs"]
mod program;

use std::fmt::Write;
use std::ops::Range;

use rand::seq::IndexedRandom;
use typenet::rand::{self, RngExt, SeedableRng, rngs::StdRng};

const NETWORKS: usize = 200;
/// They are compiled and run at the same time.
const PROGRAMS: usize = 4;
const DEEPEST: usize = 4;

/// The largest difference of `infer` and `predict`, relative to the largest output.
const ROUNDING: f64 = 2e-14;

const BEGINNING: &str = "
#[activation]
pub fn softsign<T: Scalar>(x: T) -> T {
    x / (T::one() + x.abs())
}

network! {
    block Unit<const F: usize> = Input<F> -> Residual[Tanh -> centered: Affine<F, F> -> BatchNorm<F> -> Tanh -> Affine<_, F>] -> Elu;
    block Pair<const F: usize> = Input<F> -> Sum[Unit<F> | Tanh -> BatchNorm<F> -> Dropout(0.2)] -> Unit<F>;
}
";

/// A random network and its blocks.
struct Random<'a> {
    rng: &'a mut StdRng,
    number: usize,
    blocks: Vec<String>,
    names: usize,
    /// The number of `BatchNorm` layers.
    norms: usize,
}

impl Random<'_> {
    fn width(&mut self) -> usize {
        self.rng.random_range(3..=6)
    }

    /// The width, or `_`.
    fn known(&mut self, width: usize) -> String {
        if self.rng.random() { "_".to_owned() } else { width.to_string() }
    }

    fn name(&mut self) -> usize {
        self.names += 1;
        self.names
    }

    /// A chain of layers with the given numbers of inputs and outputs.
    fn chain(&mut self, input: usize, output: usize, depth: usize) -> String {
        let (mut layers, mut width) = (Vec::new(), input);
        let count = self.rng.random_range(1..=3);
        let deep = self.rng.random_range(0..count);
        for place in 0..count {
            let is_deep = depth > 0 && place == deep;
            let (layer, next) = if is_deep { self.layer_of_layers(width, depth - 1) } else { self.layer(width) };
            layers.push(layer);
            width = next;
        }
        if width != output {
            let known = self.known(width);
            layers.push(format!("Affine<{known}, {output}>"));
        }
        layers.join(" -> ")
    }

    /// A layer, or several in a row, and its number of outputs.
    ///
    /// All parameters have an effect: `Tanh` in front of `BatchNorm` keeps earlier biases and scales from cancelling, and
    /// behind `LayerNorm` a rectifier never zeroes all features. The only exception is named `centered`.
    fn layer(&mut self, width: usize) -> (String, usize) {
        let (known, output) = (self.known(width), self.width());
        let keeping = match self.rng.random_range(0..15) {
            0 | 1 => return (format!("Affine<{known}, {output}>"), output),
            2 => return (format!("AffineWithoutBias<{known}, {output}>"), output),
            3 => {
                let name = self.name();
                self.norms += 1;
                let layers = format!("Tanh -> centered{name}: Affine<{known}, {output}> -> BatchNorm<_>");
                return (layers, output);
            }
            4 => {
                self.norms += 1;
                format!("Tanh -> BatchNorm<{known}>")
            }
            5 => format!("LayerNorm<{known}> -> Relu"),
            6 => format!("LayerNorm<{known}> -> LeakyRelu(0.2)"),
            7 => format!("LayerNorm<{known}> -> PRelu<{width}>"),
            8 => format!("RmsNorm<{known}>"),
            9 => "Dropout(0.3)".to_owned(),
            10 => "Softsign".to_owned(),
            11 => "Identity".to_owned(),
            _ => {
                let activations = ["Elu", "Elu(0.5)", "Gelu", "Silu", "Softplus", "Sigmoid", "Tanh", "Dropout"];
                (*activations.choose(self.rng).expect("there are some")).to_owned()
            }
        };
        (keeping, width)
    }

    /// A layer with layers inside, one of them of this depth.
    fn layer_of_layers(&mut self, width: usize, depth: usize) -> (String, usize) {
        let output = self.width();
        match self.rng.random_range(0..9) {
            0..3 => (format!("Residual[{}]", self.chain(width, width, depth)), width),
            3 | 4 => {
                let outputs = vec![output; self.rng.random_range(2..=3)];
                (format!("Sum[{}]", self.branches(width, &outputs, depth)), output)
            }
            5 | 6 => {
                let outputs: Vec<usize> = (0..self.rng.random_range(2..=3)).map(|_| self.width()).collect();
                (format!("Concat[{}]", self.branches(width, &outputs, depth)), outputs.iter().sum())
            }
            7 => {
                let (number, name) = (self.number, self.name());
                let block =
                    format!("block Inner{number}_{name} = Input<{width}> -> {};", self.chain(width, output, depth));
                self.blocks.push(block);
                (format!("Inner{number}_{name}"), output)
            }
            _ if self.rng.random() => {
                self.norms += 1;
                (format!("Unit<{width}, T>"), width)
            }
            _ => {
                self.norms += 3;
                (format!("Pair<{width}, T>"), width)
            }
        }
    }

    fn branches(&mut self, input: usize, outputs: &[usize], depth: usize) -> String {
        let deepest = self.rng.random_range(0..outputs.len());
        let branches = outputs.iter().enumerate();
        let branches =
            branches.map(|(index, &output)| self.chain(input, output, if index == deepest { depth } else { 0 }));
        branches.collect::<Vec<_>>().join(" | ")
    }

    /// The network's declaration and the call that checks it.
    fn write(mut self, declarations: &mut String, calls: &mut String) -> std::fmt::Result {
        let (number, seed, stop_at) = (self.number, self.rng.random::<u32>(), self.rng.random_range(1..20));
        let is_embedding = self.rng.random_bool(0.15);
        let (input, width) = if is_embedding { (9, self.width()) } else { (4, 4) };
        let beginning = if is_embedding { format!("Embedding<9, {width}>") } else { format!("Input<{input}>") };
        let depth = 1 + number % DEEPEST;
        let end = self.width();
        let chain = format!("{beginning} -> {} -> Affine<_, 3> -> SoftmaxWithLoss", self.chain(width, end, depth));
        let Self { blocks, norms, .. } = self;
        writeln!(declarations, "network! {{\n    {}\n    struct Net{number} = {chain};\n}}", blocks.join("\n    "))?;
        let inputs = if is_embedding { "classes" } else { "features" };
        writeln!(calls, "    run(\"{chain}\", &|| check::<Net{number}<f64>>(&{inputs}, {seed}, {norms}, {stop_at}));")
    }
}

/// A program that checks the networks of these numbers.
fn networks(numbers: Range<usize>, rng: &mut StdRng) -> String {
    let (mut declarations, mut calls) = (String::new(), String::new());
    for number in numbers {
        let random = Random { rng, number, blocks: Vec::new(), names: 0, norms: 0 };
        random.write(&mut declarations, &mut calls).expect("a string can be written to");
    }
    let inputs = "let (features, classes) = (features(), classes());";
    let declarations = format!("{BEGINNING}{declarations}");
    program::checks("check, classes, features", inputs, &declarations, &calls, ROUNDING)
}

#[test]
fn random_networks_of_blocks_pass_all_checks() {
    let (mut rng, library) = (StdRng::seed_from_u64(program::seed()), program::library("random_blocks"));
    std::thread::scope(|scope| {
        for part in 0..PROGRAMS {
            let text = networks(part * NETWORKS / PROGRAMS..(part + 1) * NETWORKS / PROGRAMS, &mut rng);
            let library = &library;
            scope.spawn(move || program::run(library, &format!("random_blocks_{part}"), &text));
        }
    });
}
