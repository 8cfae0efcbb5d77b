//! Shows the pixels that decide how a network reads a digit, and fools it by changing them a little.
//!
//! ```text
//! cargo run --release --example saliency -- [--data DIR] [--epochs 3] [--epsilon 0.1] [--seed 1] [--plot FILE] [--quiet]
//! ```

#[allow(dead_code)] // each example uses only part of it
mod support;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use support::Common;
use typenet::data::mnist::Digits;
use typenet::prelude::*;
use typenet::training::Trainer;
use typenet::{Progress, plot};

network! {
    /// Two convolutions and a dense layer.
    struct ConvNet = Input<1, 28, 28> -> Conv2d<1, 8, 5> -> Relu -> MaxPool2d<2>
        -> Conv2d<8, 16, 5> -> Relu -> MaxPool2d<2> -> Flatten -> Affine<_, 10> -> SoftmaxWithLoss;
}

const BATCH: usize = 50;
/// The number of attacked digits.
const DIGITS: usize = 200;
/// The number of digits in the picture.
const SHOWN: usize = 6;

/// A batch of digits, one after the other.
type Pictures = Samples<f32, Dyn, Const<784>>;
type Classes = Labels<Dyn, Const<10>>;

/// Shows the pixels that decide how a network reads a digit, and fools it by changing them a little.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    common: Common,
    /// The number of epochs
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// The change of each pixel, from 0 to 1
    #[arg(long, default_value_t = 0.1)]
    epsilon: f32,
    /// Plot digits, saliency maps and attacks to this file: .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

fn main() -> ExitCode {
    support::exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    if let Some(path) = &options.plot {
        plot::try_path(path)?;
    }
    let (train, test) = options.common.load()?;
    let net = learn(&train, &test, options)?;
    let (x, labels) = test.range(0, Dyn(DIGITS.min(test.len())));
    let attack = attack(&net, &x, &labels, options.epsilon);
    let (before, after) = (net.classify(&x), net.classify(&attack));
    let turned = turned(&labels, &before, &after);
    let mut out = stdout();
    writeln!(out, "Test accuracy {:.4}", net.evaluate(&test))?;
    writeln!(
        out,
        "A change of {} in each pixel turns over {} of {} digits: accuracy {:.3} before, {:.3} after",
        options.epsilon,
        turned.len(),
        labels.len(),
        net.accuracy(&x, &labels),
        net.accuracy(&attack, &labels)
    )?;
    if let Some(path) = &options.plot {
        draw(&net, &x, &attack, &turned).save(path)?;
        writeln!(out, "Plot saved to {}", path.display())?;
    }
    Ok(())
}

/// Trains with `AdamW` and a rate that falls from 0.003 to 0 as a cosine.
fn learn(train: &Digits, test: &Digits, options: &Options) -> Result<ConvNet, typenet::Error> {
    let net: ConvNet = ConvNet::random(He, &mut StdRng::seed_from_u64(options.common.seed));
    let steps = options.epochs * train.len().div_ceil(BATCH) as u64;
    let mut trainer = Trainer::new(net, AdamW::new(), Schedule::cosine(0.003, steps), train)
        .validation(test)
        .without_training_scores()
        .batch_size(BATCH)
        .epochs(options.epochs)
        .seed(options.common.seed);
    if !options.common.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    Ok(trainer.into_parts().0)
}

/// The fast gradient sign method: moves each pixel by `epsilon` in the direction in which the loss grows.
///
/// Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples" (2015).
fn attack(net: &ConvNet, x: &Pictures, labels: &Classes, epsilon: f32) -> Pictures {
    let mut attack = x.clone();
    attack.zip_apply(&net.input_gradient(x, labels), |x, dx| {
        let sign = if dx == 0.0 { 0.0 } else { dx.signum() };
        *x = (*x + epsilon * sign).clamp(0.0, 1.0);
    });
    attack
}

/// The digits that the network reads correctly before the attack, but not after it.
fn turned(labels: &Classes, before: &Classes, after: &Classes) -> Vec<usize> {
    let [labels, before, after] = [labels, before, after].map(Labels::classes);
    (0..labels.len()).filter(|&digit| before[digit] == labels[digit] && after[digit] != labels[digit]).collect()
}

/// Draws a few digits under their saliency maps, the gradients of the scores of the found classes, and their attacks below.
fn draw(net: &ConvNet, x: &Pictures, attack: &Pictures, digits: &[usize]) -> plot::Plot {
    let (before, after) = (net.classify(x), net.classify(attack));
    let maps = Samples::from_matrix(&net.input_gradient_from(x, &before.one_hot()));
    let digits = &digits[..digits.len().min(SHOWN)];
    let row = |of: &Pictures, digit: usize| of.row(digit).iter().copied().collect::<Vec<_>>();
    let caption = |classes: &Classes, digit: usize| format!("found {}", classes.classes()[digit]);
    let above = digits.iter().map(|&digit| (caption(&before, digit), row(x, digit), row(&maps, digit)));
    let below = digits.iter().map(|&digit| (caption(&after, digit), row(attack, digit), Vec::new()));
    let images: Vec<_> = above.chain(below).collect();
    let images: Vec<_> = images.iter().map(|(caption, image, map)| (&**caption, &**image, &**map)).collect();
    plot::saliency(&images, 28, 28).title("Digits with the pixels that decide, and the attacks on them")
}

#[test]
fn the_attack_turns_over_digits_that_noise_does_not() {
    let options = Options::parse_from(["saliency", "--epochs", "2", "--quiet"]);
    let (train, test) = digits::generate(4_000, 500, 1);
    let net = learn(&train, &test, &options).unwrap();
    let (x, labels) = test.range(0, Dyn(DIGITS));
    let attacked = attack(&net, &x, &labels, 0.1);
    let mut noise = x.clone();
    let mut place = 0.0_f32;
    noise.apply(|x| {
        place += 1.0;
        *x = (*x + 0.1 * (place * place).sin().signum()).clamp(0.0, 1.0);
    });
    let [before, after, noisy] = [&x, &attacked, &noise].map(|x| net.accuracy(x, &labels));
    assert!(before > 0.85 && after < 0.6 * before && noisy > 0.9 * before, "{before}, {after}, {noisy}");
    let turned = turned(&labels, &net.classify(&x), &net.classify(&attacked));
    assert!(draw(&net, &x, &attacked, &turned).to_svg().unwrap().contains("found"));
}
