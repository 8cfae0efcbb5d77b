//! Training on several ranks, which are threads here.

#[allow(dead_code)] // only `bits` is used
#[path = "support/waves.rs"]
mod waves;

use std::ops::ControlFlow;
use std::time::Duration;

use typenet::DataFor;
use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::{Place, Sampling, Stop, Trainer, TrainingError, in_threads};
use waves::bits;

network! {
    struct Net = Affine<4, 8> -> BatchNorm<8> -> Dropout(0.3) -> Tanh -> Affine<8, 3>
        -> SoftmaxWithLoss(class_weights = [1.0, 5.0, 0.5], ignore_class = 2);
    struct Plain = Affine<4, 8> -> Dropout(0.3) -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
}

type Points<T> = Table<T, Const<4>, Labels<Dyn, Const<3>>>;

fn points<T: Scalar>(count: usize) -> Points<T> {
    let x: Vec<T> = (0..4 * count).map(|i| T::of(((7 * i * i + 3 * i) as f64).sin())).collect();
    let classes: Vec<usize> = (0..count).map(|i| usize::from(i % 3 == 0) + usize::from(i % 5 == 0)).collect();
    Table::classification(&x, &classes).unwrap()
}

fn trainer<N: Network>(data: &Points<N::Scalar>) -> Trainer<'_, N, Adam<N>, Points<N::Scalar>>
where
    Points<N::Scalar>: DataFor<N>,
{
    let net = N::random(Xavier, &mut StdRng::seed_from_u64(1));
    Trainer::new(net, Adam::new().clip_norm(0.5), Schedule::constant(0.01), data).batch_size(20).seed(4)
}

/// The bits of the losses and the weights after training on some ranks.
fn train(ranks: usize, shards: usize, data: &Points<f32>) -> Vec<Vec<u64>> {
    in_threads(ranks, Duration::ZERO, |collective| {
        let mut trainer = trainer::<Net>(data).shards(shards).iterations(300);
        if ranks > 1 {
            trainer = trainer.collective(collective);
        }
        trainer.run().unwrap();
        let losses = trainer.history().steps.iter().map(|step| step.loss.to_bits());
        losses.chain(bits(trainer.network())).collect()
    })
}

#[test]
fn the_number_of_ranks_changes_no_bit() {
    let data = points(74); // batches of 20, 20, 20 and 14
    for (shards, ranks) in [(4, &[2, 4][..]), (6, &[2, 3, 6])] {
        let alone = train(1, shards, &data);
        for &ranks in ranks {
            for (rank, found) in train(ranks, shards, &data).into_iter().enumerate() {
                assert!(found == alone[0], "{shards} shards, rank {rank} of {ranks}");
            }
        }
    }
    assert!(train(1, 4, &data) != train(1, 6, &data), "shards change bits");
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let data = points(74);
    let weights = |threads| {
        let train = || {
            let mut trainer = trainer::<Net>(&data).shards(4).iterations(300);
            trainer.run().unwrap();
            bits(trainer.network())
        };
        with_threads(threads, train).unwrap()
    };
    assert_eq!(weights(1), weights(2));
}

#[test]
fn shards_equal_the_whole_batch() {
    let data = points::<f64>(74);
    let train = |shards| {
        let mut trainer = trainer::<Plain<f64>>(&data).shards(shards).epochs(5);
        trainer.run().unwrap();
        trainer.into_parts().0
    };
    let values = |net: &Plain<f64>| net.parameters().flat_map(|part| part.values.to_vec()).collect::<Vec<_>>();
    let whole = values(&train(1));
    for shards in [2, 3, 4, 14] {
        for (one, other) in values(&train(shards)).into_iter().zip(&whole) {
            assert!((one - other).abs() < 1e-12, "{shards} shards: {one} and {other}");
        }
    }
}

#[test]
fn a_checkpoint_continues_on_another_number_of_ranks() {
    let data = points(74);
    let whole = train(1, 4, &data);
    for (before, after) in [(4, 2), (2, 1), (1, 4)] {
        let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("ranks_{before}_{after}"));
        in_threads(before, Duration::ZERO, |ranks| {
            let trainer = trainer::<Net>(&data).collective(ranks).shards(4).iterations(150);
            trainer.checkpoint(&file, 1000).run().unwrap();
        });
        let found = in_threads(after, Duration::ZERO, |ranks| {
            let trainer = trainer::<Net>(&data).collective(ranks).shards(4).iterations(300);
            let mut trainer = trainer.resume(&file).unwrap();
            trainer.run().unwrap();
            bits(trainer.network())
        });
        let count = found[0].len();
        assert!(found.iter().all(|net| *net == whole[0][whole[0].len() - count..]), "{before} and {after} ranks");
    }
}

/// The errors of three ranks, one of which has other settings.
fn errors(
    change: impl Fn(Trainer<'_, Net, Adam<Net>, Points<f32>>) -> Trainer<'_, Net, Adam<Net>, Points<f32>> + Sync,
) -> Vec<String> {
    let data = points(74);
    in_threads(3, Duration::ZERO, |ranks| {
        let trainer = trainer::<Net>(&data).collective(ranks).epochs(2);
        let mut trainer = if ranks.rank() == 2 { change(trainer) } else { trainer };
        trainer.run().unwrap_err().to_string()
    })
}

#[test]
fn ranks_with_other_settings_are_an_error_on_all() {
    assert_eq!(errors(|trainer| trainer.seed(5)), ["rank 2 differs from rank 0 in the seed"; 3]);
    let wider = errors(|trainer| trainer.early_stopping(2).evaluate_every(1));
    assert_eq!(
        wider,
        ["rank 2 differs from rank 0 in the evaluations; rank 2 differs from rank 0 in the early stopping"; 3]
    );
    assert_eq!(
        errors(|trainer| trainer.sampling(Sampling::Balanced)),
        ["rank 2 differs from rank 0 in the sampling"; 3]
    );
    assert_eq!(errors(|trainer| trainer.batch_size(19)), ["rank 2 differs from rank 0 in the batch size"; 3]);
    let found = errors(|trainer| trainer.batch_size(0));
    assert!(found[0].starts_with("rank 2 cannot start") && found[1] == found[0], "{found:?}");
    assert_eq!(found[2], "the batch size is 0, but a batch needs at least one sample");
    let (long, short) = (points::<f32>(74), points(73));
    let found = in_threads(2, Duration::ZERO, |ranks| {
        let data = if ranks.rank() == 1 { &short } else { &long };
        trainer::<Net>(data).collective(ranks).run().unwrap_err().to_string()
    });
    assert_eq!(found, ["rank 1 differs from rank 0 in the training data"; 2]);
    let found = in_threads(2, Duration::ZERO, |ranks| {
        let mut net = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
        net.affine2.bias[1] += ranks.rank() as f32;
        let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &long);
        trainer.collective(ranks).run().unwrap_err().to_string()
    });
    assert_eq!(found, ["rank 1 differs from rank 0 in the initial parameters"; 2]);
}

#[test]
fn shards_that_do_not_fit_are_an_error() {
    let data = points::<f32>(74);
    let error = |trainer: Trainer<'_, Net, _, _>| {
        let mut trainer = trainer;
        trainer.run().unwrap_err().to_string()
    };
    assert!(error(trainer(&data).shards(0)).contains("`shards` is 0"));
    assert!(error(trainer(&data).shards(2).accumulate(2)).contains("`accumulate` and `shards`"));
    assert!(error(trainer(&data).shards(15)).contains("14 samples cannot be divided into 15 shards"));
    assert!(error(trainer(&data).shards(10)).contains("`batch_norm1` needs batches of at least 2"));
    let found = in_threads(2, Duration::ZERO, |ranks| error(trainer(&data).collective(ranks).shards(3)));
    assert!(found[0].contains("multiple of the number of ranks, 2"), "{found:?}");
}

#[test]
fn all_ranks_stop_and_diverge_at_the_same_step() {
    let data = points::<f32>(74);
    let found = in_threads(4, Duration::ZERO, |ranks| {
        let rank = ranks.rank();
        let trainer = trainer::<Net>(&data).collective(ranks).epochs(9);
        let mut trainer = trainer.on_step(move |step, _| {
            if rank == 3 && step.step == 6 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (trainer.run().unwrap(), trainer.history().steps.len())
    });
    assert_eq!(found, [(Stop::Watcher, 8); 4]);
    let found = in_threads(4, Duration::ZERO, |ranks| {
        let rank = ranks.rank();
        let trainer = trainer::<Net>(&data).collective(ranks).epochs(9);
        let mut trainer = trainer.on_step(move |step, net| {
            if rank == 3 && step.step == 6 {
                net.affine1.weight.fill(f32::NAN);
            }
            ControlFlow::Continue(())
        });
        match trainer.run().unwrap_err() {
            TrainingError::Diverged(found) => (found.step, found.place.clone(), found.restored),
            error => panic!("{error}"),
        }
    });
    assert!(found[..3].iter().all(|found| *found == (7, Place::Rank(3), 6)), "{found:?}");
    assert_eq!(found[3], (7, Place::Output("affine1".to_owned()), 6));
}
