//! Trains the residual network of 20 layers for pictures of 32 x 32 pixels, on generated pictures of ten classes.
//!
//! The pictures are striped or dotted shapes of random colors, sizes and places, on noise. Source of the network: He,
//! Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), section 4.2. A shortcut to smaller images is
//! a convolution of single pixels.
//!
//! ```text
//! cargo run --release --example resnet20 -- [--pictures 2000] [--epochs 5] [--seed 1] [--steps COUNT] [--quiet]
//! ```

#[path = "support/exit.rs"]
mod exit;

use std::array;
use std::error::Error;
use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use exit::exit_code;
use typenet::Progress;
use typenet::data::Table;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::training::Trainer;

network! {
    block Start = Input<3, 32, 32> -> Conv2d<3, 16, 3>(padding = same, bias = false) -> BatchNorm<16> -> Relu;
    block Unit16 = Input<16, 32, 32> -> Residual[Conv2d<16, 16, 3>(padding = same, bias = false) -> BatchNorm<16>
        -> Relu -> Conv2d<16, 16, 3>(padding = same, bias = false) -> BatchNorm<16>] -> Relu;
    block Down32 = Input<16, 32, 32> -> Sum[Conv2d<16, 32, 3>(stride = 2, padding = 1, bias = false) -> BatchNorm<32>
        -> Relu -> Conv2d<32, 32, 3>(padding = same) -> BatchNorm<32> | Conv2d<16, 32, 1>(stride = 2, ignore_rest = true)] -> Relu;
    block Unit32 = Input<32, 16, 16> -> Residual[Conv2d<32, 32, 3>(padding = same, bias = false) -> BatchNorm<32>
        -> Relu -> Conv2d<32, 32, 3>(padding = same, bias = false) -> BatchNorm<32>] -> Relu;
    block Down64 = Input<32, 16, 16> -> Sum[Conv2d<32, 64, 3>(stride = 2, padding = 1, bias = false) -> BatchNorm<64>
        -> Relu -> Conv2d<64, 64, 3>(padding = same) -> BatchNorm<64> | Conv2d<32, 64, 1>(stride = 2, ignore_rest = true)] -> Relu;
    block Unit64 = Input<64, 8, 8> -> Residual[Conv2d<64, 64, 3>(padding = same, bias = false) -> BatchNorm<64>
        -> Relu -> Conv2d<64, 64, 3>(padding = same, bias = false) -> BatchNorm<64>] -> Relu;
    struct ResNet20 = Input<3, 32, 32> -> Start -> Unit16 -> Unit16 -> Unit16 -> Down32 -> Unit32 -> Unit32
        -> Down64 -> Unit64 -> Unit64 -> GlobalAveragePool -> Affine<_, 10> -> SoftmaxWithLoss;
}

const SIDE: usize = 32;
const CLASSES: usize = 10;
const BATCH: usize = 64;

type Pictures = Table<f32, Const<{ 3 * SIDE * SIDE }>, Labels<Dyn, Const<CLASSES>>>;

/// Trains the residual network of 20 layers on generated pictures.
#[derive(Parser)]
struct Options {
    /// The number of training pictures, rounded up to whole batches of 64
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pictures: u32,
    /// The number of epochs
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// The random seed: the same seed gives the same results
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only print the time of this many steps, after three others
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    steps: Option<u32>,
    /// Show only the results, without progress bar and evaluations
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    exit_code(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let mut out = stdout();
    let mut rng = StdRng::seed_from_u64(options.seed);
    let mut net: ResNet20 = ResNet20::random(He, &mut rng);
    if let Some(steps) = options.steps {
        let batch = pictures(BATCH, &mut rng)?;
        let (mut tape, mut begin) = (ResNet20::tape(Dyn(BATCH)), Instant::now());
        for step in 0..steps + 3 {
            if step == 3 {
                begin = Instant::now();
            }
            net.descend_with(batch.samples(), batch.targets(), 0.05, &mut tape);
        }
        writeln!(out, "{:.1} ms a step of {BATCH} pictures", begin.elapsed().as_secs_f64() * 1e3 / f64::from(steps))?;
        return Ok(());
    }
    // `BatchNorm` cannot train on a last batch of one picture.
    let batches = (options.pictures as usize).div_ceil(BATCH);
    let (train, test) = (pictures(batches * BATCH, &mut rng)?, pictures(500, &mut rng)?);
    let total = options.epochs * batches as u64;
    let mut trainer = Trainer::new(net, Momentum::new(), Schedule::cosine(0.05, total), &train)
        .validation(&test)
        .batch_size(BATCH)
        .epochs(options.epochs)
        .without_training_scores()
        .seed(options.seed);
    if !options.quiet {
        trainer = trainer.watch(Progress::new());
    }
    trainer.run()?;
    let accuracy = trainer.network().accuracy(test.samples(), test.targets());
    writeln!(out, "Accuracy on {} test pictures: {accuracy:.3}", test.targets().classes().len())?;
    Ok(())
}

/// Pictures of the ten classes in turn.
fn pictures(count: usize, rng: &mut StdRng) -> Result<Pictures, Box<dyn Error>> {
    let classes: Vec<usize> = (0..count).map(|picture| picture % CLASSES).collect();
    let values: Vec<f32> = classes.iter().flat_map(|&class| picture(class, rng)).collect();
    Ok(Pictures::classification(&values, &classes)?)
}

/// Draws a picture: one of five shapes, striped if the class is even, else dotted. Values are in the order channel, row,
/// column.
fn picture(class: usize, rng: &mut StdRng) -> Vec<f32> {
    let [middle_x, middle_y] = array::from_fn(|_| rng.random_range(12.0..20.0_f32));
    let (radius, period, phase) =
        (rng.random_range(8.0..12.0_f32), rng.random_range(3.0..5.0_f32), rng.random_range(0.0..6.0_f32));
    let [light, dark, behind]: [[f32; 3]; 3] =
        [0.7, -0.7, 0.0].map(|mean| array::from_fn(|_| mean + rng.random_range(-0.3..0.3)));
    let mut values = vec![0.0; 3 * SIDE * SIDE];
    for row in 0..SIDE {
        for column in 0..SIDE {
            let (x, y) = (column as f32 - middle_x, row as f32 - middle_y);
            let wave = |place: f32| (place * std::f32::consts::TAU / period + phase).sin() > 0.0;
            let is_light = if class.is_multiple_of(2) { wave(x + y) } else { wave(x) && wave(y) };
            let color = match (is_inside(class / 2, x / radius, y / radius), is_light) {
                (false, _) => behind,
                (true, true) => light,
                (true, false) => dark,
            };
            for (channel, value) in color.into_iter().enumerate() {
                values[(channel * SIDE + row) * SIDE + column] = value + rng.random_range(-0.2..0.2);
            }
        }
    }
    values
}

/// Returns true if a point is in the shape, which reaches from -1 to 1.
fn is_inside(shape: usize, x: f32, y: f32) -> bool {
    match shape {
        0 => x.hypot(y) < 1.0,
        1 => (0.5..1.0).contains(&x.hypot(y)),
        2 => x.abs().max(y.abs()) < 0.85,
        3 => x.abs().min(y.abs()) < 0.3 && x.abs().max(y.abs()) < 1.0,
        _ => y.abs() < 0.9 && 2.0 * x.abs() < y + 0.9,
    }
}

#[test]
fn it_learns_generated_pictures() {
    let mut rng = StdRng::seed_from_u64(1);
    let (train, mut net) = (pictures(120, &mut rng).unwrap(), <ResNet20>::random(He, &mut rng));
    let mut tape = ResNet20::tape(Dyn(120));
    let losses: Vec<f32> =
        (0..8).map(|_| net.descend_with(train.samples(), train.targets(), 0.05, &mut tape)).collect();
    assert!(losses[7] < 0.8 * losses[0], "{losses:?}");
}
