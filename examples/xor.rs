//! The function that a single layer cannot learn, and two can: exclusive or.
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
    /// One straight line cannot tell the two answers apart.
    struct Perceptron = Affine<2, 2> -> SoftmaxWithLoss;
    /// Four lines can.
    struct TwoLayers = Affine<2, 4> -> Tanh -> Affine<4, 2> -> SoftmaxWithLoss;
}

const QUESTIONS: [f32; 8] = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
const ANSWERS: [usize; 4] = [0, 1, 1, 0];

fn main() -> Result<(), Box<dyn Error>> {
    let net: Perceptron = Perceptron::random(Xavier, &mut StdRng::seed_from_u64(1));
    show("one layer", &train(net)?)?;
    let net: TwoLayers = TwoLayers::random(Xavier, &mut StdRng::seed_from_u64(1));
    show("two layers", &train(net)?)?;
    Ok(())
}

/// What any network of two inputs and two classes answers after 500 steps.
fn train<Net>(net: Net) -> Result<Labels<Dyn, Const<2>>, typenet::Error>
where
    Net: Network<Scalar = f32, Input = Const<2>, Output = Const<2>, Loss = SoftmaxWithLoss>,
{
    let table = Table::classification(&QUESTIONS, &ANSWERS)?;
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.05), &table).epochs(500);
    trainer.run()?;
    Ok(trainer.network().classify(table.samples()))
}

fn show(name: &str, answers: &Labels<Dyn, Const<2>>) -> std::io::Result<()> {
    writeln!(stdout(), "{name}:")?;
    for ((question, answer), right) in QUESTIONS.chunks(2).zip(answers.classes()).zip(ANSWERS) {
        let verdict = if *answer == right { "" } else { ", which is wrong" };
        writeln!(stdout(), "  {} xor {} is {answer}{verdict}", question[0], question[1])?;
    }
    Ok(())
}

#[test]
fn two_layers_are_enough_and_one_is_not() {
    let perceptron: Perceptron = Perceptron::random(Xavier, &mut StdRng::seed_from_u64(1));
    assert_ne!(train(perceptron).unwrap().classes(), ANSWERS);
    for seed in 1..=5 {
        let net: TwoLayers = TwoLayers::random(Xavier, &mut StdRng::seed_from_u64(seed));
        assert_eq!(train(net).unwrap().classes(), ANSWERS, "seed {seed}");
    }
}
