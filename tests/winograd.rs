//! Networks in `f32` whose convolutions are computed by Winograd's filtering: windows of 3 x 3 and of 5 x 5, with at
//! least 8 channels and filters.

use typenet::prelude::*;
use typenet::with_threads;

network! {
    /// Tiles that reach beyond the images, and channels that fill no vector.
    struct Filtered = Input<8, 13, 11> -> Conv2d<8, 18, 3>(padding = same) -> BatchNorm<_> -> Tanh
        -> Conv2d<18, 9, 5>(padding = 2) -> Softplus -> AveragePool2d<2>(ignore_rest = true)
        -> Residual[Conv2d<9, 9, 3>(padding = same, bias = false)] -> Tanh -> Flatten -> Affine<_, 3> -> SoftmaxWithLoss;
}

const SAMPLES: usize = 60;

/// Waves in a direction that depends on the class, each shifted in another way.
fn waves(first: usize) -> (Samples<f32, Dyn, Const<{ 8 * 13 * 11 }>>, Labels<Dyn, Const<3>>) {
    let x = Samples::from_fn(Dyn(SAMPLES), Const, |sample, feature| {
        let (channel, row, column) = (feature / 143, feature % 143 / 11, feature % 11);
        let at = [row, column, row + column][sample % 3];
        (0.9 * at as f32 + 0.3 * channel as f32 + ((first + sample) as f32 * 1.7).sin() * 3.0).sin()
    });
    (x, (0..SAMPLES).map(|sample| sample % 3).collect::<Vec<_>>().try_into().unwrap())
}

fn random() -> Filtered {
    let mut net = Filtered::random(He, &mut StdRng::seed_from_u64(1));
    for index in 0.. {
        let Some(values) = net.parameter_mut(index) else { break };
        values.iter_mut().zip(0..).for_each(|(value, at)| *value += 0.02 * (at as f32 * 1.3).sin());
    }
    net
}

/// In `f64`, the sums are computed as they are written.
#[test]
fn gradients_agree_with_those_of_sums() {
    let (net, (x, labels)) = (random(), waves(0));
    let wide = net.to_f64();
    let exact = wide.gradient(&Samples::from_fn(Dyn(SAMPLES), Const, |i, j| f64::from(x[(i, j)])), &labels);
    let gradient = net.gradient(&x, &labels);
    for (found, exact) in gradient.parameters().zip(exact.parameters()) {
        let largest = exact.values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let pairs = found.values.iter().zip(exact.values);
        let difference = pairs.fold(0.0_f64, |most, (found, exact)| most.max((f64::from(*found) - exact).abs()));
        // A bias in front of `BatchNorm` has no effect: its derivative is rounding.
        let bound = if found.name == "conv2d1.bias" { 1e-6 } else { 1e-4 * largest };
        assert!(difference < bound, "{found}: {difference} of {largest}");
    }
}

#[test]
fn training_has_the_same_bits_on_any_number_of_threads() {
    let trained = |threads| {
        with_threads(threads, || {
            let (mut net, mut optimizer, mut tape) = (random(), Adam::new(), Filtered::tape(Dyn(SAMPLES)));
            for step in 0..30 {
                let (x, labels) = waves(SAMPLES * step);
                optimizer.descend_with(&mut net, &x, &labels, 0.003, &mut tape);
            }
            net
        })
        .unwrap()
    };
    let (x, labels) = waves(10_000);
    let net = trained(1);
    let (before, after) = (random().loss(&x, &labels), net.loss(&x, &labels));
    assert!(after < 0.3 * before, "{before} falls to {after}");
    let bits = |net: &Filtered| {
        let values = net
            .parameters()
            .flat_map(|parameter| parameter.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>());
        values.collect::<Vec<_>>()
    };
    for threads in [2, 3] {
        assert!(bits(&trained(threads)) == bits(&net), "{threads} threads");
    }
    let y = net.predict(&x);
    for row in 0..SAMPLES {
        let single = net.infer(&x.row(row).transpose());
        let difference = (single.transpose() - y.row(row)).amax();
        assert!(difference < 1e-4 * y.amax(), "sample {row}: {difference}");
    }
}
