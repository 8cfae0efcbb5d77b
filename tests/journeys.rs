//! Networks from declaration to prediction, by all routes.

use std::f64::consts::TAU;

use typenet::nalgebra::{Dim, Matrix, RawStorage};
use typenet::{Labels, Network, Samples, TargetOf, prelude::*};

network! {
    #[derive(Clone, Debug, PartialEq)]
    struct Spiral = Affine<2, 16> -> Tanh -> Affine<16, 16> -> Relu -> Affine<16, 3> -> SoftmaxWithLoss;
    #[derive(Clone)]
    struct Curve = Affine<1, 20> -> Tanh -> Affine<20, 1> -> MeanSquaredError;
}

/// Returns three arms of a spiral, `N` points in total.
fn spiral<N: Dim>(n: N) -> (Samples<f64, N, Const<2>>, Labels<N, Const<3>>) {
    let mut x = Samples::zeros(n, Const::<2>);
    let classes: Vec<usize> = (0..n.value()).map(|point| point % 3).collect();
    for (point, &class) in classes.iter().enumerate() {
        let along = (point / 3) as f64 / (n.value() / 3) as f64;
        let angle = TAU * (class as f64 / 3.0 + 0.7 * along);
        (x[(point, 0)], x[(point, 1)]) = (along * angle.cos(), along * angle.sin());
    }
    (x, Labels::new(n, &classes).unwrap())
}

/// Trains any network: an example of code generic over networks.
fn train<Net: Network, N: Dim, S: RawStorage<Net::Scalar, N, Net::Input>>(
    net: &mut Net,
    x: &Matrix<Net::Scalar, N, Net::Input, S>,
    target: &TargetOf<Net, N>,
    steps: usize,
) -> Net::Scalar {
    let mut tape = Net::tape(x.shape_generic().0);
    for _ in 0..steps {
        net.descend_with(x, target, Net::Scalar::of(0.3), &mut tape);
    }
    net.loss_with(x, target, &mut tape)
}

#[test]
fn a_classifier_learns_a_spiral() {
    let (x, labels) = spiral(Const::<150>);
    let mut net: Spiral<f64> = Spiral::random(Xavier, &mut StdRng::seed_from_u64(1));
    let loss = train(&mut net, &x, &labels, 3000);
    assert!(loss < 0.1 && net.accuracy(&x, &labels) > 0.97, "loss {loss}, accuracy {}", net.accuracy(&x, &labels));
    assert_eq!(net.classify(&x), Labels::argmax(&net.predict(&x)));
}

#[test]
fn a_regression_learns_a_sine() {
    let x = SMatrix::<f64, 50, 1>::from_fn(|i, _| i as f64 / 25.0 - 1.0);
    let target = Batch::from_matrix(&x.map(|x| (3.0 * x).sin()));
    let mut net: Curve<f64> = Curve::random(Xavier, &mut StdRng::seed_from_u64(2));
    let loss = train(&mut net, &x, &target, 5000);
    assert!(loss < 2e-3, "loss {loss}");
}

#[test]
fn static_and_dynamic_batches_give_the_same_bits() {
    let mut rng = StdRng::seed_from_u64(3);
    let mut fixed: Spiral<f64> = Spiral::random(He, &mut rng);
    let mut dynamic = fixed.clone();
    let (static_batch, dynamic_batch) = (spiral(Const::<30>), spiral(Dyn(30)));
    for _ in 0..5 {
        let one = fixed.descend(&static_batch.0, &static_batch.1, 0.1);
        let other = dynamic.descend(&dynamic_batch.0, &dynamic_batch.1, 0.1);
        assert_eq!(one, other);
    }
    assert_eq!(fixed, dynamic);
}

#[test]
fn a_step_is_the_gradient_times_the_rate() {
    let (x, labels) = spiral(Const::<30>);
    let start: Spiral<f64> = Spiral::random(He, &mut StdRng::seed_from_u64(4));
    let (mut by_step, mut by_gradient) = (start.clone(), start.clone());
    by_step.descend(&x, &labels, 0.5);
    by_gradient.update(&start.gradient(&x, &labels), 0.5);
    for (one, other) in by_step.parameters().zip(by_gradient.parameters()) {
        assert_eq!(one.to_string(), other.to_string());
        for (one, other) in one.values.iter().zip(other.values) {
            assert!((one - other).abs() < 1e-15);
        }
    }
    let (mut tape, mut gradient) = (Spiral::tape(Const::<30>), start.clone());
    let loss = start.gradient_with(&x, &labels, &mut tape, &mut gradient);
    assert_eq!(gradient, start.gradient(&x, &labels));
    assert_eq!(loss, start.loss(&x, &labels));
}

#[test]
fn the_same_seed_gives_the_same_network() {
    let random = |seed| -> Spiral { Spiral::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(seed)) };
    assert_eq!(random(1), random(1));
    assert_ne!(random(1), random(2));
    assert!(random(1).affine1.bias.iter().all(|&bias| bias == 0.0));
    let precise: Spiral<f64> = Spiral::random(Normal { std: 0.01 }, &mut StdRng::seed_from_u64(1));
    for (one, other) in random(1).parameters().zip(precise.parameters()) {
        assert!(one.values.iter().zip(other.values).all(|(&one, &other)| one == f32::of(other)));
    }
}

#[test]
fn a_dynamic_tape_adapts_to_each_batch_size() {
    let net: Spiral<f64> = Spiral::random(He, &mut StdRng::seed_from_u64(5));
    let mut tape = Spiral::tape(Dyn(7));
    for n in [7, 30, 3, 30] {
        let (x, labels) = spiral(Dyn(n));
        assert_eq!(net.loss_with(&x, &labels, &mut tape), net.loss(&x, &labels));
    }
}

#[test]
fn any_storage_is_accepted_as_input() {
    let net: Spiral<f64> = Spiral::random(He, &mut StdRng::seed_from_u64(6));
    let numbers = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    let expected = net.predict(&SMatrix::<f64, 3, 2>::from_row_slice(&numbers));
    assert!(net.predict(&Samples::<_, Dyn, Const<2>>::view_of(&numbers).unwrap()).iter().eq(expected.iter()));
    let large =
        SMatrix::<f64, 5, 4>::from_fn(|i, j| if i > 0 && i < 4 && j < 2 { numbers[2 * i - 2 + j] } else { 9.0 });
    assert!(net.predict(&large.fixed_view::<3, 2>(1, 0)).iter().eq(expected.iter()));
    let column_major = typenet::nalgebra::OMatrix::<f64, Dyn, Const<2>>::from_row_slice(&numbers);
    assert!(net.predict(&column_major).iter().eq(expected.iter()));
}

#[test]
fn forward_gives_output_loss_and_backward_pass() {
    let (x, labels) = spiral(Const::<30>);
    let net: Spiral<f64> = Spiral::random(He, &mut StdRng::seed_from_u64(7));
    let mut tape = Spiral::tape(Const::<30>);
    assert_eq!(tape.forward(&net, &x).output(), &net.predict(&x));
    let forward = tape.forward(&net, &x);
    let loss = forward.loss(&labels);
    let backward = forward.backward(&labels);
    assert!((backward.loss() - loss).abs() < 1e-15);
    let mut twice = Spiral::zeros();
    backward.add_gradient(2.0, &mut twice);
    for (twice, once) in twice.parameters().zip(net.gradient(&x, &labels).parameters()) {
        assert!(twice.values.iter().zip(once.values).all(|(twice, once)| (twice - 2.0 * once).abs() < 1e-14));
    }
}

#[test]
fn the_numerical_gradient_equals_the_gradient() {
    let (x, labels) = spiral(Const::<6>);
    let mut x32 = Samples::<f32, _, _>::zeros(Const::<6>, Const::<2>);
    x32.zip_apply(&x, |to, from| *to = f32::of(from));
    let net: Spiral = Spiral::random(He, &mut StdRng::seed_from_u64(8));
    let (numerical, analytic) = (net.numerical_gradient(&x32, &labels), net.gradient(&x32, &labels));
    for (one, other) in numerical.parameters().zip(analytic.parameters()) {
        assert!(one.values.iter().zip(other.values).all(|(one, other)| (one - other).abs() < 1e-5), "{one}");
    }
}
