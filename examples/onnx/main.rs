//! Trains a convolutional network and writes it as ONNX, for ONNX Runtime and other programs.
//!
//! ```text
//! cargo run --release --example onnx -- [--output digits.onnx] [--epochs 2]
//! examples/onnx/run.py digits.onnx                             # runs it in ONNX Runtime
//! ```

#[path = "../support/exit.rs"]
mod exit;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exit::exit_code;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// Images of digits to ten classes.
    struct DigitNet = Input<1, 28, 28> -> Conv2d<1, 8, 5> -> BatchNorm<8> -> Relu -> MaxPool2d<2>
        -> Residual[Conv2d<8, 8, 3>(padding = same) -> Relu] -> MaxPool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

/// Trains a network on generated digits and writes it as ONNX.
#[derive(Parser)]
struct Options {
    /// The file of the model
    #[arg(long, default_value = "digits.onnx")]
    output: PathBuf,
    /// The number of epochs
    #[arg(long, default_value_t = 2)]
    epochs: u64,
    /// The number of digits for training
    #[arg(long, default_value_t = 6_000)]
    digits: usize,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let (train, test) = digits::generate(options.digits, 1_000, 1);
    let net: DigitNet = DigitNet::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.002), &train).epochs(options.epochs);
    trainer.run()?;
    let net = trainer.network();
    writeln!(stdout(), "{}", net.evaluate(&test))?;

    // The input is N x 1 x 28 x 28, the output N x 10 probabilities.
    fs::write(&options.output, net.to_onnx_with_probabilities()?)?;
    writeln!(stdout(), "written to {}", options.output.display())?;
    Ok(())
}

#[test]
fn a_model_is_written() {
    let output = std::env::temp_dir().join(format!("typenet-onnx-example-{}", std::process::id()));
    run(&Options { output: output.clone(), epochs: 1, digits: 200 }).unwrap();
    let model = fs::read(&output).unwrap();
    let holds = |text: &str| model.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("residual1.conv2d1.weight") && holds("MaxPool") && holds("Softmax"));
    fs::remove_file(output).unwrap();
}
