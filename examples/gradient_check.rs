//! Compares backpropagation with numerical differentiation, for the book's network and three images.
//!
//! ```text
//! cargo run --release --example gradient_check -- [--data DIR] [--at-most K]
//! ```
//!
//! Without `--at-most` it checks all 39,760 parameters, which takes 79,520 forward passes.

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
    /// The largest number of parameters to check in each block [default: all]
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

    let check = GradientCheck::new().seed(options.seed);
    let check = options.at_most.map_or(check, |count| check.at_most(count));
    println!("{}", check.run(&net, &x, &labels)?);
    Ok(())
}
