//! Checks that every layer passes in a small classifier of 4 features and 3 classes.

use std::ops::ControlFlow;
use std::path::PathBuf;

use typenet::data::Table;
use typenet::nalgebra::OVector;
use typenet::prelude::*;
use typenet::training::Trainer;

pub trait Classifier: Network<Scalar = f64, Input = Const<4>, Output = Const<3>, Loss = SoftmaxWithLoss> {}
impl<Net: Network<Scalar = f64, Input = Const<4>, Output = Const<3>, Loss = SoftmaxWithLoss>> Classifier for Net {}

pub fn random<Net: Network>() -> Net {
    Net::random(He, &mut StdRng::seed_from_u64(1))
}

pub fn samples<T: Scalar, N: Dim, const F: usize>(count: N) -> (Samples<T, N, Const<F>>, Labels<N, Const<3>>) {
    let x = Samples::from_fn(count, Const, |i, j| T::of(((3 * i + 5 * j) % 7) as f64 / 3.0 - 0.9 + i as f64 / 50.0));
    let classes: Vec<usize> = (0..count.value()).map(|i| i * 5 % 3).collect();
    (x, Labels::new(count, &classes).unwrap())
}

pub fn points(count: usize) -> Table<f64, Const<4>, Labels<Dyn, Const<3>>> {
    let (x, labels) = samples::<f64, _, 4>(Dyn(count));
    let values: Vec<f64> = x.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect();
    Table::classification(&values, labels.classes()).unwrap()
}

/// Returns the bits of all values, including running statistics.
pub fn bits<Net: Classifier>(net: &Net) -> Vec<u64> {
    let learned = net.parameters().flat_map(|parameter| parameter.values.to_vec());
    let predicted = net.predict(&samples(Const::<5>).0); // with the running statistics
    learned.chain(predicted.iter().copied()).map(f64::to_bits).collect()
}

/// Compares gradients with finite differences, for input in both memory orders.
pub fn check_gradient<Net: Classifier>(name: &str) {
    let (net, (x, labels)) = (random::<Net>(), samples(Const::<7>));
    net.gradient_check(&x, &labels).unwrap_or_else(|error| panic!("{name}: {error}"));
    let by_columns = Batch::<f64, _, _>::from_matrix(&x);
    net.gradient_check(&by_columns, &labels).unwrap_or_else(|error| panic!("{name}, by columns: {error}"));
}

/// Compares the output of single samples with that of a batch, after a short training.
pub fn check_single_samples<Net: Classifier>(name: &str, tolerance: f64) {
    let (mut net, (x, labels)) = (random::<Net>(), samples(Const::<7>));
    for _ in 0..5 {
        net.descend(&x, &labels, 0.1);
    }
    for (row, predicted) in x.row_iter().zip(net.predict(&x).row_iter()) {
        let single = net.infer(&OVector::<f64, Const<4>>::from_iterator(row.iter().copied()));
        assert!((single.transpose() - predicted).amax() < tolerance, "{name}");
    }
}

/// Compares the bits after training with those of two threads, a resumed training, and a saved and loaded network.
pub fn check_same_bits<Net: Classifier>(name: &str) {
    let data = points(23);
    let trainer =
        || Trainer::new(random::<Net>(), Adam::new(), Schedule::constant(0.01), &data).batch_size(5).epochs(4).seed(3);
    let mut whole = trainer();
    whole.run().unwrap();
    let threads = with_threads(2, || {
        let mut trainer = trainer();
        trainer.run().unwrap();
        bits(trainer.network())
    });
    assert_eq!(threads.unwrap(), bits(whole.network()), "{name}: two threads");

    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut steps = 0;
    let mut broken = trainer().checkpoint(&file, 100).on_step(move |_, _| {
        steps += 1;
        if steps == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    broken.run().unwrap();
    let mut resumed = trainer().resume(&file).unwrap();
    resumed.run().unwrap();
    assert_eq!(bits(resumed.network()), bits(whole.network()), "{name}: resumed");
    whole.network().save(&file).unwrap();
    assert_eq!(bits(&Net::load(&file).unwrap()), bits(whole.network()), "{name}: saved and loaded");
}
