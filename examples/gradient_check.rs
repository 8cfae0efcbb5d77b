//! Backpropagation against numerical differentiation, on the book's network and three images.
//!
//! ```text
//! cargo run --release --example gradient_check -- [--data DIR] [--at-most K]
//! ```
//!
//! Without `--at-most` every one of the 39,760 parameters is checked, which takes 79,520 runs forward.

use std::path::PathBuf;

use clap::Parser;
use typenet::prelude::*;

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

/// Checks the gradient of the book's network on three images.
#[derive(Parser)]
struct Options {
    /// A folder with the four files of MNIST [default: generated digits]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many parameters of each block to check [default: all]
    #[arg(long, value_name = "K", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    at_most: Option<usize>,
    /// The seed of all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<(), Error> {
    let options = Options::parse();
    let train = match &options.data {
        Some(folder) => mnist::load(folder)?.0,
        None => digits::generate(3, 0, options.seed).0,
    };
    let (x, labels) = train.range::<f32, _>(0, Const::<3>);
    let net: TwoLayerNet = TwoLayerNet::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(options.seed));

    let check = GradientCheck { at_most: options.at_most, seed: options.seed, ..GradientCheck::default() };
    println!("{}", check.run(&net, &x, &labels)?);
    Ok(())
}
