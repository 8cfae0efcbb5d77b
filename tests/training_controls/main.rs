//! Controls of a training run.

mod callbacks;
mod parts;
mod rates;
mod sampling;

use typenet::data::Table;
use typenet::losses::SampleWeighted;
use typenet::prelude::*;

network! {
    struct Net = Affine<4, 8> -> Dropout(0.3) -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Options = Affine<4, 8> -> Tanh -> Dropout -> Affine<8, 3>
        -> SoftmaxWithLoss(class_weights = [1.0, 5.0, 0.5], ignore_class = 2);
    struct Weights = Affine<4, 8> -> Tanh -> Affine<8, 3> -> SampleWeighted<SoftmaxWithLoss>;
    struct Normal = BatchNorm<4> -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Two = Affine<4, 1> -> SigmoidWithLoss;
    struct Line = Affine<4, 1> -> MeanSquaredError;
    struct Pictures = Affine<784, 10> -> SoftmaxWithLoss;
}

type Points = Table<f64, Const<4>, Labels<Dyn, Const<3>>>;

fn points(count: usize) -> Points {
    let x: Vec<f64> = (0..4 * count).map(|i| ((7 * i * i + 3 * i) as f64).sin()).collect();
    let classes: Vec<usize> = (0..count).map(|i| usize::from(i % 3 == 0) + usize::from(i % 5 == 0)).collect();
    Table::classification(&x, &classes).unwrap()
}

fn random<N: Network>() -> N {
    N::random(Xavier, &mut StdRng::seed_from_u64(1))
}

fn values<N: Network<Scalar = f64>>(net: &N) -> Vec<f64> {
    net.parameters().flat_map(|parameter| parameter.values.to_vec()).collect()
}

fn file(name: &str) -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("controls_{name}"))
}
