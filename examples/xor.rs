//! Exclusive or: two layers can learn it, one cannot.
//!
//! ```text
//! cargo run --release --example xor
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// One straight line cannot separate the two classes.
    struct Perceptron = Affine<2, 2> -> SoftmaxWithLoss;
    /// Four lines can separate them.
    struct TwoLayers = Affine<2, 4> -> Tanh -> Affine<4, 2> -> SoftmaxWithLoss;
}

const INPUTS: [f32; 8] = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
const ANSWERS: [usize; 4] = [0, 1, 1, 0];

fn main() -> Result<(), Box<dyn Error>> {
    let net: Perceptron = Perceptron::random(Xavier, &mut StdRng::seed_from_u64(1));
    show("one layer", &train(net)?)?;
    let net: TwoLayers = TwoLayers::random(Xavier, &mut StdRng::seed_from_u64(1));
    show("two layers", &train(net)?)?;
    Ok(())
}

/// Trains a network for 500 steps. Returns its answers to the four inputs.
fn train<Net>(net: Net) -> Result<Labels<Dyn, Const<2>>, typenet::Error>
where
    Net: Network<Scalar = f32, Input = Const<2>, Output = Const<2>, Loss = SoftmaxWithLoss>,
{
    let table = Table::classification(&INPUTS, &ANSWERS)?;
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.05), &table).epochs(500);
    trainer.run()?;
    Ok(trainer.network().classify(table.samples()))
}

fn show(name: &str, answers: &Labels<Dyn, Const<2>>) -> std::io::Result<()> {
    writeln!(stdout(), "{name}:")?;
    for ((input, answer), expected) in INPUTS.chunks(2).zip(answers.classes()).zip(ANSWERS) {
        let verdict = if *answer == expected { "" } else { " (wrong)" };
        writeln!(stdout(), "  {} xor {} is {answer}{verdict}", input[0], input[1])?;
    }
    Ok(())
}

#[test]
fn two_layers_learn_xor_and_one_does_not() {
    let perceptron: Perceptron = Perceptron::random(Xavier, &mut StdRng::seed_from_u64(1));
    assert_ne!(train(perceptron).unwrap().classes(), ANSWERS);
    for seed in 1..=5 {
        let net: TwoLayers = TwoLayers::random(Xavier, &mut StdRng::seed_from_u64(seed));
        assert_eq!(train(net).unwrap().classes(), ANSWERS, "seed {seed}");
    }
}
