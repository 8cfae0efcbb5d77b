//! Compares built-in activations near 0, far from 0 and at infinity with limits derived on paper.

use typenet::prelude::*;
use typenet::{Batch, Cache, Mode};

/// A function from an input to its limit: value and slope.
type Limit = fn(f64) -> [f64; 2];

/// Inputs near 0, down to the smallest of `T`, and large inputs at which exponentials have reached their limits, up to infinity.
fn inputs<T: Scalar>([smallest, normal, largest]: [f64; 3]) -> Vec<T> {
    let near = [0.0, smallest, normal];
    let far = [1e3, 1e5, 1e10, 1e13, 1e20, 1e30, largest, f64::INFINITY];
    near.into_iter().chain(far).flat_map(|x| [x, -x]).map(T::of).collect()
}

/// Returns values and slopes from the forward and backward pass of a batch.
fn both<T: Scalar, L: Layer<T, Const<1>, Out = Const<1>>>(layer: &L, inputs: &[T]) -> Vec<[T; 2]> {
    let n = Dyn(inputs.len());
    let (mut x, mut y): (Batch<T, _, Const<1>>, Batch<T, _, Const<1>>) =
        (Batch::zeros(n, Const), Batch::zeros(n, Const));
    x.iter_mut().zip(inputs).for_each(|(x, input)| *x = *input);
    let (mut dy, mut dx) = (Batch::zeros(n, Const), Batch::zeros(n, Const));
    let mut cache = L::Cache::new(n);
    layer.forward(&x, &mut y, &mut cache, Mode::Infer);
    dy.fill(T::one());
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut cache);
    y.iter().zip(&dx).map(|(y, slope)| [*y, *slope]).collect()
}

/// Lists the mistakes of a layer, one per line.
fn mistakes<T: Scalar, L: Layer<T, Const<1>, Out = Const<1>>>(
    name: &str,
    layer: &L,
    ends: [f64; 3],
    limit: Limit,
) -> Vec<String> {
    let inputs = inputs::<T>(ends);
    let unit = 4.0 * T::default_epsilon().as_f64();
    let is_near = |found: f64, expected: f64| {
        found == expected || (found - expected).abs() <= (unit * expected.abs()).max(ends[0])
    };
    let mut mistakes = Vec::new();
    // A batch, and each value alone, outside of a vector loop.
    let alone = inputs.iter().flat_map(|&x| both(layer, &[x])).collect();
    for found in [both(layer, &inputs), alone] {
        for (x, [value, slope]) in inputs.iter().zip(found) {
            let ([value, slope], expected) = ([value.as_f64(), slope.as_f64()], limit(x.as_f64()));
            if !is_near(value, expected[0]) || !is_near(slope, expected[1]) {
                mistakes.push(format!("{name} at {x:?}: {value:e} and slope {slope:e}, not {expected:?}"));
            }
        }
    }
    let nan = both(layer, &[T::of(f64::NAN)])[0][0].as_f64();
    if !nan.is_nan() {
        mistakes.push(format!("{name} at NaN: {nan}"));
    }
    // Between 0 and the limits, exponential functions overflow and underflow.
    let between: Vec<T> = (-8_000..=8_000).map(|i| T::of(f64::from(i) * 0.125)).collect();
    for (x, [value, slope]) in between.iter().zip(both(layer, &between)) {
        if !value.is_finite() || !slope.is_finite() {
            mistakes.push(format!("{name} at {x}: {value} and slope {slope}"));
        }
    }
    mistakes
}

fn check_all<T: Scalar>(ends: [f64; 3]) -> Vec<String> {
    [
        mistakes::<T, _>("Relu", &Relu, ends, |x| if x > 0.0 { [x, 1.0] } else { [0.0, 0.0] }),
        mistakes::<T, _>("LeakyRelu", &LeakyRelu::new(0.5), ends, |x| if x > 0.0 { [x, 1.0] } else { [0.5 * x, 0.5] }),
        mistakes::<T, _>("LeakyRelu(-1)", &LeakyRelu::new(-1.0), ends, |x| if x > 0.0 { [x, 1.0] } else { [-x, -1.0] }),
        mistakes::<T, _>("LeakyRelu(0)", &LeakyRelu::new(0.0), ends, |x| if x > 0.0 { [x, 1.0] } else { [0.0, 0.0] }),
        mistakes::<T, _>("Elu", &Elu::new(0.5), ends, |x| match x {
            ..-1.0 => [-0.5, 0.0],
            ..=0.0 => [0.5 * x, 0.5],
            _ => [x, 1.0],
        }),
        mistakes::<T, _>("Gelu", &Gelu, ends, weighed),
        mistakes::<T, _>("GeluExact", &GeluExact, ends, weighed),
        mistakes::<T, _>("Silu", &Silu, ends, weighed),
        mistakes::<T, _>("Softplus", &Softplus, ends, |x| match x {
            ..-1.0 => [0.0, 0.0],
            ..1.0 => [std::f64::consts::LN_2, 0.5],
            _ => [x, 1.0],
        }),
        mistakes::<T, _>("Sigmoid", &Sigmoid, ends, |x| match x {
            ..-1.0 => [0.0, 0.0],
            ..1.0 => [0.5, 0.25],
            _ => [1.0, 0.0],
        }),
        mistakes::<T, _>("Tanh", &Tanh, ends, |x| match x {
            ..-1.0 => [-1.0, 0.0],
            ..1.0 => [x, 1.0],
            _ => [1.0, 0.0],
        }),
    ]
    .concat()
}

/// Returns the limit of `x` times a weight that rises from 0 to 1 and is 1/2 at 0.
fn weighed(x: f64) -> [f64; 2] {
    match x {
        ..-1.0 => [0.0, 0.0],
        ..1.0 => [0.5 * x, 0.5],
        _ => [x, 1.0],
    }
}

#[test]
fn activations_reach_their_limits() {
    let single = check_all::<f32>([f32::from_bits(1), f32::MIN_POSITIVE, f32::MAX].map(f64::from));
    let double = check_all::<f64>([f64::from_bits(1), f64::MIN_POSITIVE, f64::MAX]);
    assert!(single.is_empty() && double.is_empty(), "f32:\n{}\nf64:\n{}", single.join("\n"), double.join("\n"));
}
