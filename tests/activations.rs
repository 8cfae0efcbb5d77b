//! Compares layers from `#[activation]` with handwritten ones, and tests the built-in activations in networks.

use both_ways::{
    DerivedElu, DerivedGelu, DerivedLeakyRelu, DerivedRelu, DerivedSilu, DerivedSoftplus, SigmoidByHand, TanhByHand,
};
use typenet::__private::Elementwise;
use typenet::prelude::*;
use typenet::{Batch, Cache, Mode};

#[path = "support/both_ways.rs"]
mod both_ways;

#[differentiable]
fn soft_positive<T: Scalar>(x: T) -> T {
    x.max(T::zero()) + (-x.abs()).exp().ln_1p()
}

#[activation]
fn mish<T: Scalar>(x: T) -> T {
    x * soft_positive(x).tanh()
}

/// The same function without calls.
#[activation]
fn mish_in_one<T: Scalar>(x: T) -> T {
    x * (x.max(T::zero()) + (-x.abs()).exp().ln_1p()).tanh()
}

/// Inputs from far below to far above 0, except 0, where some functions have a kink.
fn inputs<T: Scalar>() -> Vec<T> {
    let near = (-400..=400).map(|i| f64::from(i) * 0.05 + 0.007);
    near.chain([-1e3, -1e2, -30.0, -1e-3, -1e-9, 1e-9, 1e-3, 30.0, 1e2, 1e3]).map(T::of).collect()
}

/// Returns the values and the slopes of a layer.
fn both<T: Scalar, L: Layer<T, Const<1>, Out = Const<1>>>(layer: &L) -> Vec<(T, T)> {
    let inputs = inputs::<T>();
    let n = Dyn(inputs.len());
    let mut x: Batch<T, Dyn, Const<1>> = Batch::zeros(n, Const);
    x.iter_mut().zip(&inputs).for_each(|(x, input)| *x = *input);
    let (mut y, mut dy, mut dx) = (Batch::zeros(n, Const), Batch::zeros(n, Const), Batch::zeros(n, Const));
    let mut memory = L::Cache::new(n);
    layer.forward(&x, &mut y, &mut memory, Mode::Infer);
    dy.fill(T::one());
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut memory);
    y.iter().copied().zip(dx.iter().copied()).collect()
}

/// Checks the values and slopes of a layer against another one.
///
/// Differences are in units of the last place of `max(1, |value|)`, so values near 0 are compared only in absolute terms.
/// `derived_slopes_are_right_to_the_last_places` compares their digits.
fn assert_same<T: Scalar>(
    derived: &impl Layer<T, Const<1>, Out = Const<1>>,
    by_hand: &impl Layer<T, Const<1>, Out = Const<1>>,
    units: [f64; 2],
    name: &str,
) {
    let unit = T::default_epsilon().as_f64();
    let mut worst = [0.0_f64; 2];
    for (one, other) in both::<T, _>(derived).into_iter().zip(both::<T, _>(by_hand)) {
        for (worst, [one, other]) in worst.iter_mut().zip([[one.0, other.0], [one.1, other.1]]) {
            let (one, other) = (one.as_f64(), other.as_f64());
            assert!(one.is_finite() && other.is_finite(), "{name}: {one}, {other}");
            *worst = worst.max((one - other).abs() / other.abs().max(1.0) / unit);
        }
    }
    println!("{name}: values within {:.2} units, slopes within {:.2}", worst[0], worst[1]);
    assert!(worst[0] <= units[0] && worst[1] <= units[1], "{name}: {worst:?} units, not {units:?}");
}

fn check_all<T: Scalar>() {
    assert_same::<T>(&DerivedRelu, &Relu, [0.0, 0.0], "Relu");
    assert_same::<T>(&DerivedLeakyRelu::new(0.2), &LeakyRelu::new(0.2), [0.0, 0.0], "LeakyRelu");
    assert_same::<T>(&Sigmoid, &SigmoidByHand, [0.0, 0.0], "Sigmoid");
    assert_same::<T>(&Tanh, &TanhByHand, [0.0, 0.0], "Tanh");
    assert_same::<T>(&DerivedSilu, &Silu, [0.0, 1.0], "Silu");
    assert_same::<T>(&DerivedGelu, &Gelu, [0.0, 1.0], "Gelu");
    // The handwritten slope is `y + α`, the derived one `α (exp_m1(x) + 1)`.
    assert_same::<T>(&DerivedElu::new(0.7), &Elu::new(0.7), [1.0, 1.0], "Elu");
    // The handwritten slope is `1 - exp(-y)`, the derived one combines those of `max`, `exp` and `ln_1p`.
    assert_same::<T>(&DerivedSoftplus, &Softplus, [1.0, 1.0], "Softplus");
}

#[test]
fn derived_activations_equal_handwritten_ones() {
    check_all::<f32>();
    check_all::<f64>();
}

/// Returns the largest difference in units of the last place, for slopes above 1e-6.
fn worst<T: Scalar>(slopes: &[f64], others: &[f64]) -> f64 {
    let place = |slope: f64| T::default_epsilon().as_f64() * slope.log2().floor().exp2();
    let pairs = slopes.iter().zip(others).filter(|(_, other)| **other > 1e-6);
    pairs.map(|(slope, other)| (slope - other).abs() / place(*other)).fold(0.0, f64::max)
}

/// Checks derived slopes against handwritten ones and against an exact formula.
fn assert_last_places<T: Scalar>(
    derived: &impl Layer<T, Const<1>, Out = Const<1>>,
    by_hand: &impl Layer<T, Const<1>, Out = Const<1>>,
    exact: fn(f64) -> f64,
    units: [f64; 2],
    name: &str,
) {
    let exact: Vec<f64> = inputs::<T>().into_iter().map(|x| exact(x.as_f64())).collect();
    let [derived, by_hand] = [both::<T, _>(derived), both::<T, _>(by_hand)]
        .map(|both| both.into_iter().map(|(_, slope)| slope.as_f64()).collect::<Vec<_>>());
    let found = [worst::<T>(&derived, &by_hand), worst::<T>(&derived, &exact)];
    println!(
        "{name}: slopes within {:.1} units of the handwritten ones, within {:.1} of the exact ones",
        found[0], found[1]
    );
    assert!(found[0] <= units[0] && found[1] <= units[1], "{name}: {found:?} units, not {units:?}");
}

/// Checks the digits of small slopes.
///
/// The sigmoid's `y (1 - y)`, `1 - y²` of `tanh` and `y + α` of `Elu` lose digits if the slope is small: six of them at
/// 1e-6. The derived sigmoid and `tanh` have the same digits as the handwritten ones.
fn check_last_places<T: Scalar>() {
    let lost = 3e6;
    let sigmoid = |x: f64| (-x.abs()).exp() / (1.0 + (-x.abs()).exp()).powi(2);
    assert_last_places::<T>(&Sigmoid, &SigmoidByHand, sigmoid, [0.0, lost], "Sigmoid");
    assert_last_places::<T>(&Tanh, &TanhByHand, |x| x.cosh().powi(-2), [0.0, lost], "Tanh");
    let elu = |x: f64| if x > 0.0 { 1.0 } else { 0.7 * x.exp() };
    assert_last_places::<T>(&DerivedElu::new(0.7), &Elu::new(0.7), elu, [lost, lost], "Elu");
    assert_last_places::<T>(&DerivedSoftplus, &Softplus, |x| 1.0 / (1.0 + (-x).exp()), [2.0, 5.0], "Softplus");
}

#[test]
fn derived_slopes_are_right_to_the_last_places() {
    check_last_places::<f32>();
    check_last_places::<f64>();
}

/// In a layer, called functions are computed like the layer's own formula. Elsewhere they use the standard library.
#[test]
fn functions_called_by_an_activation_are_part_of_it() {
    assert_same::<f32>(&Mish, &MishInOne, [0.0, 2.0], "Mish");
    assert_same::<f64>(&Mish, &MishInOne, [0.0, 2.0], "Mish");
    for ((value, slope), x) in both::<f64, _>(&Mish).into_iter().zip(inputs::<f64>()) {
        let call = mish::forward(x);
        let (value_off, slope_off) = (value - call.value(), slope - call.backward(1.0).x);
        assert!(value_off.abs() <= 1e-14 * x.abs().max(1.0) && slope_off.abs() < 1e-14, "{x}: {value_off} {slope_off}");
    }
}

#[test]
fn far_ends_of_sigmoid_and_tanh_are_finite() {
    let ends = [f32::NEG_INFINITY, -1000.0, 0.0, 1000.0, f32::INFINITY];
    assert_eq!(ends.map(|x| Sigmoid.value(x)), [0.0, 0.0, 0.5, 1.0, 1.0]);
    assert_eq!(ends.map(|x| Tanh.value(x)), [-1.0, -1.0, 0.0, 1.0, 1.0]);
    assert!(Sigmoid.value(f32::NAN).is_nan() && Tanh.value(f32::NAN).is_nan());
}

/// Far below 0, `exp(-x)` nearly overflows and `y²` would underflow.
#[test]
fn the_slope_of_a_sigmoid_is_right_far_below_0() {
    for x in [-40.0, -60.0, -80.0_f32] {
        let slope = typenet::layers::sigmoid::forward(x).backward(1.0).x;
        assert!((f64::from(slope) / f64::from(x).exp() - 1.0).abs() < 1e-6, "{x}: {slope}");
    }
}

#[activation]
fn bounded<T: Scalar>(x: T, low: T, high: T) -> T {
    x.max(low).min(high)
}

/// A hyperparameter is not learned, so the slope at the kink is 0, as for `Relu`.
#[test]
fn a_hyperparameter_is_a_constant_at_a_kink() {
    let slope = |x| Bounded::new(-1.0, 2.0).slope(x, 0.0_f64);
    assert_eq!([-1.5, -1.0, 0.0, 2.0, 2.5].map(slope), [0.0, 0.0, 1.0, 0.0, 0.0]);
    let function = |x| bounded::forward(x, -1.0, 2.0).backward(1.0).to_array();
    assert_eq!([-1.0, 2.0].map(function), [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]]);
}

/// The reference uses `tanh` of the standard library, which is not vectorized.
#[test]
fn gelu_is_the_approximation_with_tanh() {
    for (x, (y, slope)) in inputs::<f64>().into_iter().zip(both::<f64, _>(&Gelu)) {
        let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
        let expected = 0.5 * x * (1.0 + inner.tanh());
        let d_inner = (2.0 / std::f64::consts::PI).sqrt() * (1.0 + 3.0 * 0.044_715 * x * x);
        let d_wanted = 0.5 * (1.0 + inner.tanh()) + 0.5 * x * (1.0 - inner.tanh().powi(2)) * d_inner;
        // If `tanh` is nearly -1, `1 + tanh` has few digits left.
        assert!((y - expected).abs() <= 1e-15 * (1.0 + x.abs()), "{x}: {y}, not {expected}");
        assert!((slope - d_wanted).abs() <= 1e-15 * (2.0 + x.abs().powi(3)).min(30.0), "{x}: {slope}, not {d_wanted}");
    }
}

/// Values of PyTorch, rounded to four places: `torch.nn.GELU(approximate="tanh")` and `torch.nn.SiLU`.
#[test]
fn gelu_and_silu_have_the_known_values() {
    assert!((typenet::layers::gelu(1.0_f64) - 0.8412).abs() < 5e-5);
    assert!((typenet::layers::gelu(-1.0_f64) + 0.1588).abs() < 5e-5);
    assert!((typenet::layers::silu(1.0_f64) - 0.7311).abs() < 5e-5);
    assert!((typenet::layers::silu(-1.0_f64) + 0.2689).abs() < 5e-5);
}

/// The derivative is `s (1 + x (1 - s))` with the sigmoid `s`. Far below 0 it is small and has no digits left.
#[test]
fn silu_is_right_everywhere() {
    for (x, (y, slope)) in inputs::<f32>().into_iter().zip(both::<f32, _>(&Silu)) {
        let x = f64::from(x);
        let sigmoid = 1.0 / (1.0 + (-x).exp());
        let (expected, d_wanted) = (x * sigmoid, sigmoid * (1.0 + x * (1.0 - sigmoid)));
        assert!((f64::from(y) - expected).abs() <= 3e-7 * expected.abs() + 1e-37, "{x}: {y}, not {expected}");
        assert!((f64::from(slope) - d_wanted).abs() <= 3e-7, "{x}: {slope}, not {d_wanted}");
        assert!(x > -30.0 || (f64::from(slope) - d_wanted).abs() <= 1e-11, "{x}: {slope}, not {d_wanted}");
    }
    for (x, (_, slope)) in inputs::<f64>().into_iter().zip(both::<f64, _>(&Silu)) {
        let (sigmoid, rest) = (1.0 / (1.0 + (-x).exp()), 1.0 / (1.0 + x.exp()));
        let expected = sigmoid * (1.0 + x * rest);
        assert!((slope - expected).abs() <= 4.0 * f64::EPSILON, "{x}: {slope}, not {expected}");
    }
}

network! {
    struct All = Affine<4, 6> -> LeakyRelu -> LeakyRelu(0.2) -> Affine<6, 6> -> Elu -> elu: Elu(0.5) -> Affine<6, 5> -> Gelu
        -> Affine<5, 5> -> Silu -> Affine<5, 4> -> Softplus -> Affine<4, 4> -> Sigmoid -> Affine<4, 4> -> Tanh -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Found = Input<4> -> DerivedLeakyRelu(0.1) -> Affine<4, 6> -> DerivedElu(0.7) -> Affine<6, 5> -> DerivedSoftplus -> Affine<5, 3>
        -> MeanSquaredError;
}

#[test]
fn activations_pass_the_gradient_check_in_networks() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(1);
    let x = SMatrix::<f32, 7, 4>::from_fn(|i, j| (i as f32 * 1.7 + j as f32).sin());
    let all: All = All::random(He, &mut rng);
    assert_eq!((all.leaky_relu1.negative_slope, all.leaky_relu2.negative_slope, all.elu.alpha), (0.01, 0.2, 0.5));
    all.gradient_check(&x, &[0, 1, 2, 2, 1, 0, 1].try_into()?)?;
    let derived: Found = Found::random(Xavier, &mut rng);
    derived.gradient_check(&x, &Batch::zeros(Const, Const))?;
    Ok(())
}

/// Compares a single sample, a static batch, a dynamic batch and a row-major batch.
#[test]
fn every_shape_gives_the_same() {
    let net: Found = Found::random(Xavier, &mut StdRng::seed_from_u64(1));
    let x = SMatrix::<f32, 7, 4>::from_fn(|i, j| (i as f32 * 1.7 + j as f32).sin());
    let scores = net.predict(&x);
    for i in 0..7 {
        let single = net.infer(&x.row(i).transpose());
        for j in 0..3 {
            assert!((single[j] - scores[(i, j)]).abs() < 1e-5);
        }
    }
    let values: Vec<f32> = x.transpose().as_slice().to_vec();
    let rows = Samples::<f32, Dyn, Const<4>>::view_of(&values).expect("they are 7 samples");
    assert!(net.predict(&rows).iter().zip(&scores).all(|(one, other)| (one - other).abs() < 1e-5));
}
