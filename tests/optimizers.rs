//! Every optimiser against PyTorch's numbers, and what they have in common.

use typenet::prelude::*;

network! {
    #[derive(Clone, Debug, PartialEq)]
    struct Small = Affine<3, 4> -> Tanh -> Affine<4, 3> -> SoftmaxWithLoss;
}

type X<T> = Batch<T, Dyn, Const<3>>;
type Y = Labels<Dyn, Const<3>>;

/// Where PyTorch gets to from where, written by `scripts/optimizer-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/optimizers.txt");

/// The numbers of the line that begins so.
fn numbers<T: Scalar>(line: &str) -> Vec<T> {
    let found = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no line `{line}`"));
    found.split(' ').map(|number| T::of(number.parse().expect("a number"))).collect()
}

fn problem<T: Scalar>() -> (Small<T>, X<T>, Y) {
    let (mut net, start) = (Small::default(), numbers::<T>("start"));
    let mut start = start.into_iter();
    for block in 0..4 {
        net.parameter_mut(block).unwrap().fill_with(|| start.next().unwrap());
    }
    let labels: Vec<usize> = numbers::<f64>("labels").into_iter().map(|label| label as usize).collect();
    let x = batch_from(&samples_of(&numbers::<T>("x")).unwrap());
    (net, x, Labels::new(Dyn(5), &labels).unwrap())
}

/// The largest difference from PyTorch's parameters after ten steps, the last five at half the rate; in parts of the
/// largest parameter in its block, since one that comes near 0 has few right digits.
fn difference<T: Scalar>(mut optimizer: impl Optimizer<Small<T>>, rate: f64, case: &str) -> f64 {
    let (mut net, x, labels) = problem();
    let mut tape = Small::tape(Dyn(5));
    let schedule = Schedule::steps(rate, 5, 0.5);
    for step in 0..10 {
        optimizer.descend_on(&mut net, &x, &labels, schedule.rate(step), &mut tape);
    }
    let wanted = numbers::<f64>(&format!("{} {rate} {case} {}", optimizer.name(), 8 * size_of::<T>()));
    assert_eq!(wanted.len(), net.parameter_count());
    let (mut wanted, mut difference) = (wanted.into_iter(), 0.0_f64);
    for block in net.parameters() {
        let size = block.values.iter().fold(0.0_f64, |size, value| size.max(value.abs().as_f64()));
        for (found, wanted) in block.values.iter().zip(wanted.by_ref()) {
            difference = difference.max((found.as_f64() - wanted).abs() / size);
        }
    }
    difference
}

/// The largest difference in the four cases of the script.
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
fn ten_steps_are_pytorchs() {
    all_agree::<f32>(1e-5);
    all_agree::<f64>(1e-12);
}
