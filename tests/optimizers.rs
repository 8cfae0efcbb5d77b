//! Compares every optimizer with PyTorch, and tests their common behavior.

use std::str::FromStr;

use typenet::data::Table;
use typenet::training::Trainer;
use typenet::{Kind, prelude::*};

network! {
    #[derive(Clone, Debug, PartialEq)]
    struct Small = Affine<3, 4> -> Tanh -> Affine<4, 3> -> SoftmaxWithLoss;
    struct Padded = Input<3> -> Tanh -> Relu -> Affine<3, 3> -> Sigmoid -> Tanh -> SoftmaxWithLoss;
    struct Nothing = Input<3> -> Tanh -> SoftmaxWithLoss;
    struct Line = Affine<2, 2> -> MeanSquaredError;
}

type X<T> = Batch<T, Dyn, Const<3>>;
type Y = Labels<Dyn, Const<3>>;

/// PyTorch's start and end parameters, written by `scripts/optimizer-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/optimizers.txt");

/// Returns the numbers of the line with a prefix.
fn numbers<T: FromStr>(line: &str) -> Vec<T> {
    let found = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no line `{line}`"));
    let parse = |number: &str| number.parse().unwrap_or_else(|_| panic!("`{number}` in line `{line}`"));
    found.split(' ').map(parse).collect()
}

fn problem<T: Scalar>() -> (Small<T>, X<T>, Y) {
    let (mut net, mut start) = (Small::default(), numbers("start").into_iter().map(T::of));
    for block in 0..4 {
        net.parameter_mut(block).unwrap().fill_with(|| start.next().unwrap());
    }
    let x = Batch::from_matrix(&Samples::view_of(&numbers::<f64>("x")).unwrap());
    (net, x, Labels::new(Dyn(5), &numbers("labels")).unwrap())
}

/// Returns the largest difference from PyTorch's parameters after ten steps, the last five at half the rate.
///
/// Differences are relative to the largest parameter of the block, because a parameter near 0 has few right digits.
fn difference<T: Scalar>(mut optimizer: impl Optimizer<Small<T>>, rate: f64, case: &str) -> f64 {
    let (mut net, x, labels) = problem();
    let mut tape = Small::tape(Dyn(5));
    let schedule = Schedule::steps(rate, 5, 0.5);
    for step in 0..10 {
        optimizer.descend_with(&mut net, &x, &labels, schedule.rate(step), &mut tape);
    }
    let expected = numbers::<f64>(&format!("{} {rate} {case} {}", optimizer.name(), 8 * size_of::<T>()));
    let (mut expected, mut difference) = (expected.into_iter(), 0.0_f64);
    for block in net.parameters() {
        let size = block.values.iter().fold(0.0_f64, |size, value| size.max(value.abs().as_f64()));
        for (found, expected) in block.values.iter().zip(expected.by_ref()) {
            assert!(found.is_finite(), "{} gives {found}", optimizer.name());
            difference = difference.max((found.as_f64() - expected).abs() / size);
        }
    }
    assert_eq!(expected.next(), None);
    difference
}

/// Returns the largest difference in the script's four cases.
fn worst<T: Scalar, O: Optimizer<Small<T>>>(default: fn() -> O, other: fn() -> O, rate: f64, tolerance: f64) {
    let cases = [
        ("plain", default().weight_decay(0.0)),
        ("decay", default().weight_decay(0.1)),
        ("clip", default().weight_decay(0.0).clip_norm(0.2)),
        ("all", other().weight_decay(0.1).clip_norm(0.2)),
    ];
    for (case, optimizer) in cases {
        let name = optimizer.name();
        let difference = difference::<T>(optimizer, rate, case);
        println!("{name:<10}{case:<8}{} bits: {difference:.1e}", 8 * size_of::<T>());
        assert!(difference < tolerance, "{name}, {case}: {difference:e}");
    }
}

fn all_agree<T: Scalar>(tolerance: f64) {
    worst::<T, _>(Sgd::new, Sgd::new, 0.5, tolerance);
    worst::<T, _>(Momentum::new, || Momentum::new().momentum(0.5), 0.1, tolerance);
    worst::<T, _>(Nesterov::new, || Nesterov::new().momentum(0.5), 0.1, tolerance);
    worst::<T, _>(AdaGrad::new, || AdaGrad::new().epsilon(0.1), 0.1, tolerance);
    worst::<T, _>(RmsProp::new, || RmsProp::new().alpha(0.5).epsilon(0.1), 0.02, tolerance);
    worst::<T, _>(Adam::new, || Adam::new().betas(0.5, 0.8).epsilon(0.1), 0.1, tolerance);
    worst::<T, _>(AdamW::new, || AdamW::new().betas(0.5, 0.8).epsilon(0.1), 0.1, tolerance);
}

#[test]
fn ten_steps_agree_with_pytorch() {
    all_agree::<f32>(1e-6);
    all_agree::<f64>(1e-14);
}

/// Calls a function with a constructor of each optimizer and a suitable rate.
macro_rules! for_all {
    ($check:ident) => {
        $check(Sgd::new, 0.5);
        $check(Momentum::new, 0.1);
        $check(Nesterov::new, 0.1);
        $check(AdaGrad::new, 0.1);
        $check(RmsProp::new, 0.02);
        $check(Adam::new, 0.02);
        $check(AdamW::new, 0.02);
    };
}

fn steps<O: Optimizer<Small<f64>>>(optimizer: &mut O, net: &mut Small<f64>, rate: f64, count: usize) -> f64 {
    let (_, x, labels) = problem();
    let mut tape = Small::tape(Dyn(5));
    for _ in 0..count {
        let before = net.loss(&x, &labels);
        assert_eq!(optimizer.descend_with(net, &x, &labels, rate, &mut tape), before);
    }
    net.loss(&x, &labels)
}

#[test]
fn every_optimizer_lowers_the_loss() {
    fn check<O: Optimizer<Small<f64>>>(make: fn() -> O, rate: f64) {
        let (mut net, x, labels) = problem();
        let (mut optimizer, start) = (make(), net.loss(&x, &labels));
        let loss = steps(&mut optimizer, &mut net, rate, 100);
        assert!(loss < start / 3.0, "{}: from {start} to {loss}", optimizer.name());
        assert_eq!(optimizer.common().steps, 100);
        assert_eq!(optimizer.state_names().len(), optimizer.states().len());
    }
    for_all!(check);
}

#[test]
fn sgd_equals_descend_with() {
    let ((mut one, x, labels), (mut other, ..)) = (problem::<f32>(), problem::<f32>());
    let (mut sgd, mut tape) = (Sgd::new(), Small::tape(Dyn(5)));
    for _ in 0..10 {
        let loss = sgd.descend_with(&mut one, &x, &labels, 0.3, &mut tape);
        assert_eq!(loss, other.descend_with(&x, &labels, 0.3, &mut tape));
    }
    assert_eq!(one, other);
}

#[test]
fn adam_w_equals_adam_with_decay() {
    let [mut one, mut other]: [Small<f64>; 2] = [problem().0, problem().0];
    steps(&mut AdamW::new(), &mut one, 0.02, 10);
    steps(&mut Adam::new().weight_decay(0.01), &mut other, 0.02, 10);
    assert_eq!(one, other);
}

#[test]
fn weights_decay_and_biases_do_not() {
    fn check<O: Optimizer<Small<f64>>>(make: fn() -> O, rate: f64) {
        let [plain, decayed] = [0.0, 0.5].map(|decay| {
            let mut net = problem().0;
            steps(&mut make().weight_decay(decay), &mut net, rate, 1);
            net
        });
        let start: Small<f64> = problem().0;
        for ((plain, decayed), start) in plain.parameters().zip(decayed.parameters()).zip(start.parameters()) {
            let decay = if plain.kind == Kind::Weight { 0.5 } else { 0.0 };
            for ((plain, decayed), start) in plain.values.iter().zip(decayed.values).zip(start.values) {
                assert!((plain - decayed - rate * decay * start).abs() < 1e-15);
            }
        }
    }
    for_all!(check);
}

/// Returns the distance between two networks' parameters.
fn distance<T: Scalar, Net: Network<Scalar = T>>(one: &Net, other: &Net) -> f64 {
    let pairs = one.parameters().zip(other.parameters()).flat_map(|(one, other)| one.values.iter().zip(other.values));
    pairs.map(|(one, other)| (one.as_f64() - other.as_f64()).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn a_clipped_gradient_has_the_maximum_norm() {
    let (start, ..) = problem();
    let after = |mut sgd: Sgd<_>| {
        let mut net = start.clone();
        steps(&mut sgd, &mut net, 0.5, 1);
        net
    };
    let free = after(Sgd::new());
    let length = distance(&free, &start) / 0.5;
    let clipped = distance(&after(Sgd::new().clip_norm(0.1 * length)), &start) / 0.5;
    assert!((clipped - 0.1 * length).abs() < 1e-5 * length, "{clipped}, not a tenth of {length}");
    assert!(distance(&after(Sgd::new().clip_norm(10.0 * length)), &free) < 1e-15);
}

/// The derivatives are about 1e30, so their squares overflow `f32`.
#[test]
fn gradients_with_overflowing_squares_are_clipped() {
    let (x, target) =
        (SMatrix::<f32, 1, 2>::new(1e15, -1e15), Batch::from_matrix(&SMatrix::<f32, 1, 2>::new(1e15, 2e15)));
    let (mut net, mut sgd, mut tape) = (Line::<f32>::zeros(), Sgd::new().clip_norm(2.0), Line::tape(Const::<1>));
    sgd.descend_with(&mut net, &x, &target, 0.5, &mut tape);
    assert!((distance(&net, &Line::zeros()) - 1.0).abs() < 1e-6);
}

#[test]
fn state_and_steps_suffice_to_resume() {
    fn check<O: Optimizer<Small<f64>> + PartialEq + std::fmt::Debug>(make: fn() -> O, rate: f64) {
        let (mut optimizer, (mut net, ..)) = (make(), problem());
        steps(&mut optimizer, &mut net, rate, 5);
        let (mut again, mut copy) = (make(), net.clone());
        again.states_mut().clone_from_slice(optimizer.states());
        again.common_mut().steps = optimizer.common().steps;
        steps(&mut optimizer, &mut net, rate, 5);
        steps(&mut again, &mut copy, rate, 5);
        assert_eq!(net, copy);
        assert_eq!(optimizer, again);
    }
    for_all!(check);
}

#[test]
fn layers_without_parameters_are_skipped() {
    let (_, x, labels) = problem::<f32>();
    let (mut net, mut nothing) = (Padded::random(Xavier, &mut StdRng::seed_from_u64(1)), Nothing::default());
    let before = net.loss(&x, &labels);
    let (mut adam, mut tape) = (Adam::new(), Padded::tape(Dyn(5)));
    (0..100).for_each(|_| _ = adam.descend_with(&mut net, &x, &labels, 0.02, &mut tape));
    assert!(net.loss(&x, &labels) < before);
    Adam::new().clip_norm(1.0).descend_with(&mut nothing, &x, &labels, 0.1, &mut Nothing::tape(Dyn(5)));
}

/// The trainer returns the error; a step outside a trainer panics with it.
#[test]
fn senseless_settings_are_errors_of_the_trainer() {
    fn check(optimizer: impl Optimizer<Line> + Clone, setting: &str) {
        let data = Table::regression(&[0.5; 2], &[1.0; 2]).unwrap();
        let mut trainer = Trainer::new(Line::zeros(), optimizer.clone(), Schedule::constant(0.1), &data);
        let error = trainer.run().unwrap_err().to_string();
        assert!(error.starts_with(setting) && error.contains(", but should be "), "{error}");
        let bare_step = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let (mut optimizer, mut net) = (optimizer, Line::zeros());
            optimizer.step(&mut net, &Line::zeros(), 0.1);
        }));
        assert_eq!(bare_step.unwrap_err().downcast_ref(), Some(&error));
    }
    let almost_one = 1.0 - 1e-12; // 1 in `f32`
    check(Sgd::new().weight_decay(-1.0), "a weight decay is -1");
    check(Adam::new().clip_norm(f64::NAN), "a norm to clip to is NaN");
    check(Momentum::new().momentum(almost_one), "a momentum is 0.99");
    check(Nesterov::new().momentum(-0.1), "a momentum is -0.1");
    check(RmsProp::new().alpha(1.0), "alpha is 1");
    check(RmsProp::new().epsilon(0.0), "epsilon is 0");
    check(AdaGrad::new().epsilon(f64::INFINITY), "epsilon is inf");
    check(Adam::new().betas(almost_one, 0.9), "beta1 is 0.99");
    check(AdamW::new().betas(0.9, 1.5), "beta2 is 1.5");
    check(AdamW::new().epsilon(-1.0), "epsilon is -1");
    let data = Table::regression(&[0.5; 2], &[1.0; 2]).unwrap();
    let error = Trainer::new(Line::<f32>::zeros(), Sgd::new(), Schedule::constant(0.0), &data).run().unwrap_err();
    assert_eq!(error.to_string(), "a learning rate is 0, but should be a positive number");
}

/// The square of `1e25` is infinite in `f32`; divided by its root the parameter would never move again.
#[test]
fn parameters_move_where_squares_overflow() {
    fn check(mut optimizer: impl Optimizer<Line>) {
        let mut net = Line::zeros();
        for size in [1e25_f32, 1e25, 1e38] {
            let mut gradient = Line::zeros();
            gradient.affine1.weight.fill(size);
            let before = net.affine1.weight[0];
            optimizer.step(&mut net, &gradient, 0.1);
            let after = net.affine1.weight[0];
            assert!(after < before && after.is_finite(), "{}: {before}, then {after}", optimizer.name());
        }
    }
    check(AdaGrad::new());
    check(RmsProp::new());
    check(Adam::new());
    check(AdamW::new());
}

/// A factor of `NaN.min(1.0)`, which is 1, would let the other parameters take a step that is not clipped.
#[test]
fn clipping_hides_no_nan() {
    let (mut net, mut gradient) = (Line::<f32>::zeros(), Line::zeros());
    gradient.affine1.weight.fill(f32::NAN);
    gradient.affine1.bias.fill(1e9);
    Sgd::new().clip_norm(1.0).step(&mut net, &gradient, 0.1);
    assert!(net.affine1.weight[0].is_nan() && net.affine1.bias[0].is_nan(), "{:?}", net.affine1);
}

/// `1e-50` is 0 in `f32`, and 0 / 0 would be NaN.
#[test]
fn an_epsilon_below_the_scalars_range_stays_above_zero() {
    fn check(mut optimizer: impl Optimizer<Small>) {
        let (start, mut net) = (Small::<f32>::zeros(), Small::zeros());
        for _ in 0..3 {
            optimizer.step(&mut net, &start, 0.1); // a gradient of zeros
        }
        assert_eq!(net, start, "{}", optimizer.name());
    }
    for epsilon in [1e-50, 1e-320, f64::MIN_POSITIVE] {
        check(AdaGrad::new().epsilon(epsilon));
        check(RmsProp::new().epsilon(epsilon));
        check(Adam::new().epsilon(epsilon));
        check(AdamW::new().epsilon(epsilon));
    }
}

/// The squares of these values are infinite in `f64`.
#[test]
fn gradients_are_clipped_however_large_their_squares_are() {
    for size in [1.0, 1e150, 1e155, 1e165, 1e300, f64::MAX] {
        let (mut net, mut gradient) = (Small::<f64>::zeros(), Small::zeros());
        gradient.affine1.weight.fill(size);
        Sgd::new().clip_norm(1.0).step(&mut net, &gradient, 0.1);
        let length = distance(&net, &Small::zeros());
        assert!((length - 0.1).abs() < 1e-6, "{size}: a step of {length}");
    }
}
