//! The number of threads does not change any bit.

use typenet::prelude::*;
use typenet::{Labels, Samples, with_threads};

network! {
    // Large enough for every product to be divided, by rows and by columns.
    #[derive(Clone)]
    struct Large = Affine<784, 300> -> Relu -> Affine<300, 200> -> Tanh -> Affine<200, 10> -> SoftmaxWithLoss;
}

/// Trains a network. Returns its parameters and its accuracy on the test set.
fn trained(threads: usize) -> (Vec<f32>, f64) {
    with_threads(threads, || {
        let mut rng = StdRng::seed_from_u64(1);
        let (train, test) = digits::generate(500, 300, 1);
        let mut net: Large = Large::random(He, &mut rng);
        for batch in [Dyn(8), Dyn(33), Dyn(100), Dyn(250)] {
            let (mut x, mut labels) = (Samples::zeros(batch, Const), Labels::zeros(batch));
            let mut tape = Large::tape(batch);
            for _ in 0..3 {
                train.sample_into(&mut x, &mut labels, &mut rng);
                net.descend_with(&x, &labels, 0.1, &mut tape);
            }
        }
        (net.parameters().flat_map(|block| block.values.to_vec()).collect(), net.evaluate(&test))
    })
    .unwrap()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (parameters, accuracy) = trained(1);
    assert!(accuracy > 0.2, "{accuracy}");
    for threads in [2, 3, 8, 0] {
        let (others, other_accuracy) = trained(threads);
        assert!(parameters.iter().zip(&others).all(|(a, b)| a.to_bits() == b.to_bits()), "{threads} threads");
        assert_eq!(accuracy, other_accuracy, "{threads} threads");
    }
}
