//! Training on several ranks, which are threads here.

#[allow(dead_code)] // only `bits` is used
#[path = "support/waves.rs"]
mod waves;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use typenet::DataFor;
use typenet::data::{Augment, Table, Weighted};
use typenet::losses::SampleWeighted;
use typenet::optimizers::Momentum;
use typenet::prelude::*;
use typenet::training::{Collective, Place, Sampling, Single, Stop, Trainer, TrainingError, in_threads};
use waves::bits;

network! {
    struct Net = Affine<4, 8> -> BatchNorm<8> -> Dropout(0.3) -> Tanh -> Affine<8, 3>
        -> SoftmaxWithLoss(class_weights = [1.0, 5.0, 0.5], ignore_class = 2);
    struct Plain = Affine<4, 8> -> Dropout(0.3) -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Large = Affine<4, 12_000> -> Relu -> Affine<12_000, 3> -> SoftmaxWithLoss;
    struct Trusted = Affine<4, 8> -> Tanh -> Affine<8, 3> -> SampleWeighted<SoftmaxWithLoss>;
    struct Pictures = Input<1, 28, 28> -> Conv2d<1, 2, 5>(stride = 2, ignore_rest = true) -> Relu -> Flatten
        -> Affine<_, 10> -> SoftmaxWithLoss;
}

type Points<T> = Table<T, Const<4>, Labels<Dyn, Const<3>>>;

fn points<T: Scalar>(count: usize) -> Points<T> {
    let x: Vec<T> = (0..4 * count).map(|i| T::of(((7 * i * i + 3 * i) as f64).sin())).collect();
    let classes: Vec<usize> = (0..count).map(|i| usize::from(i % 3 == 0) + usize::from(i % 5 == 0)).collect();
    Table::classification(&x, &classes).unwrap()
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
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

/// The bits of the losses, of the evaluations and of the weights after `train` on each of some ranks.
fn bits_of<N: Network, O, D>(mut trainer: Trainer<'_, N, O, D>, ranks: usize) -> Vec<u64> {
    trainer.run().unwrap();
    let history = trainer.history();
    let losses = history.steps.iter().map(|step| step.loss);
    let scores = history.evaluations.iter().flat_map(|evaluation| [evaluation.train, evaluation.validation]);
    let scores = scores.flatten().flat_map(|score| [score.loss, score.accuracy.unwrap()]);
    let waited = &history.evaluations.last().unwrap().waited;
    assert!(waited.len() == if ranks > 1 { ranks } else { 0 } && waited.iter().all(|time| *time > 0.0), "{waited:?}");
    losses.chain(scores).map(f64::to_bits).chain(bits(trainer.network())).collect()
}

/// Checks that `run` has the same result on one rank and on each of some ranks.
fn ranks_change_no_bit(counts: &[usize], run: impl Fn(&dyn Collective) -> Vec<u64> + Sync) {
    let alone = run(&Single);
    for &ranks in counts {
        for (rank, found) in in_threads(ranks, Duration::ZERO, &run).into_iter().enumerate() {
            assert!(found == alone, "rank {rank} of {ranks}");
        }
    }
}

#[test]
fn a_large_gradient_changes_no_bit() {
    let data = points::<f32>(64);
    ranks_change_no_bit(&[2, 4, 8], |ranks| {
        let net: Large = Large::random(Xavier, &mut StdRng::seed_from_u64(1));
        let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &data).collective(ranks);
        bits_of(trainer.batch_size(32).shards(8).iterations(6), ranks.size())
    });
}

#[test]
fn evaluations_are_divided() {
    let (data, test) = (points(74), points(2_345));
    ranks_change_no_bit(&[2, 3, 6], |ranks| {
        let trainer =
            trainer::<Net>(&data).validation(&test).evaluate_every(7).early_stopping(3).reduce_on_plateau(0.5, 1);
        bits_of(trainer.collective(ranks).shards(6).epochs(6), ranks.size())
    });
    ranks_change_no_bit(&[2, 3, 6], |ranks| {
        let trainer = trainer::<Net>(&data).validation_split(0.2).evaluate_at_start().batch_size(30);
        bits_of(trainer.collective(ranks).shards(6).epochs(6), ranks.size())
    });
}

#[test]
fn weights_of_samples_sampling_and_augmentation_change_no_bit() {
    let data: Weighted<_> =
        points::<f32>(74).with_weights((0..74).map(|sample| f64::from(sample % 4)).collect()).unwrap();
    ranks_change_no_bit(&[2, 3, 6], |ranks| {
        let net: Trusted = Trusted::random(Xavier, &mut StdRng::seed_from_u64(1));
        let trainer = Trainer::new(net, Momentum::new(), Schedule::constant(0.01), &data).sampling(Sampling::Balanced);
        bits_of(trainer.collective(ranks).shards(6).batch_size(19).epochs(5), ranks.size())
    });
    let (digits, _) = digits::generate(130, 0, 1);
    ranks_change_no_bit(&[2, 3, 6], |ranks| {
        let net: Pictures = Pictures::random(He, &mut StdRng::seed_from_u64(1));
        let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &digits);
        let trainer =
            trainer.augment(Augment::<1, 28, 28>::new().shift(2).rotate(10.0)).sampling(Sampling::WithReplacement);
        bits_of(trainer.collective(ranks).shards(6).batch_size(50).epochs(2), ranks.size())
    });
}

#[test]
fn slow_messages_change_no_bit() {
    let data = points(74);
    let run = |delay| {
        let run = |ranks: &dyn Collective| {
            bits_of(trainer::<Net>(&data).collective(ranks).shards(4).iterations(6), ranks.size())
        };
        in_threads(4, delay, run)
    };
    assert!(run(Duration::from_millis(2)) == run(Duration::ZERO));
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
        let file = file(&format!("ranks_{before}_{after}"));
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
    assert_eq!(errors(|trainer| trainer.seed(5)), ["rank 2 differs from rank 0: the seed differs"; 3]);
    assert_eq!(
        errors(|trainer| trainer.early_stopping(2).evaluate_every(1)),
        ["rank 2 differs from rank 0: `early_stopping` is 2 instead of none, `evaluate_every` is 1 steps instead of 1 epochs";
            3]
    );
    assert_eq!(
        errors(|trainer| trainer.sampling(Sampling::Balanced)),
        ["rank 2 differs from rank 0: `sampling` is balanced instead of shuffled"; 3]
    );
    assert_eq!(
        errors(|trainer| trainer.batch_size(19)),
        ["rank 2 differs from rank 0: `batch_size` is 19 instead of 20"; 3]
    );
    let found = errors(|trainer| trainer.batch_size(0));
    assert!(found[0].starts_with("rank 2 cannot start") && found[1] == found[0], "{found:?}");
    assert_eq!(found[2], "the batch size is 0, but a batch needs at least one sample");
    let (long, short) = (points::<f32>(74), points(73));
    let found = in_threads(2, Duration::ZERO, |ranks| {
        let data = if ranks.rank() == 1 { &short } else { &long };
        trainer::<Net>(data).collective(ranks).run().unwrap_err().to_string()
    });
    assert_eq!(found, ["rank 1 differs from rank 0: the training data differ, `samples` is 73 instead of 74"; 2]);
    let found = in_threads(2, Duration::ZERO, |ranks| {
        let mut net = Net::random(Xavier, &mut StdRng::seed_from_u64(1));
        net.affine2.bias[1] += ranks.rank() as f32;
        let trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.01), &long);
        trainer.collective(ranks).run().unwrap_err().to_string()
    });
    assert_eq!(found, ["rank 1 differs from rank 0: the parameters before the first step differ"; 2]);
}

#[test]
fn other_networks_optimizers_and_data_are_an_error_on_all() {
    let (data, [long, short]) = (points::<f32>(74), [points::<f32>(30), points(20)]);
    let net = || Net::random(Xavier, &mut StdRng::seed_from_u64(1));
    let schedule = Schedule::constant(0.01);
    let found = in_threads(2, Duration::ZERO, |ranks| {
        if ranks.rank() == 0 {
            Trainer::new(net(), Adam::new(), schedule.clone(), &data).collective(ranks).run().unwrap_err().to_string()
        } else {
            Trainer::new(net(), Momentum::new(), schedule.clone(), &data)
                .collective(ranks)
                .run()
                .unwrap_err()
                .to_string()
        }
    });
    assert!(
        found[0].starts_with("rank 1 differs from rank 0: ")
            && found[0].contains("`optimizer` is Momentum instead of Adam"),
        "{found:?}"
    );
    let found = in_threads(2, Duration::ZERO, |ranks| {
        if ranks.rank() == 0 {
            trainer::<Net>(&data).collective(ranks).run().unwrap_err().to_string()
        } else {
            trainer::<Plain>(&data).collective(ranks).run().unwrap_err().to_string()
        }
    });
    assert!(found[0].contains("the declaration of the network differs"), "{found:?}");
    let found = in_threads(2, Duration::ZERO, |ranks| {
        let test = if ranks.rank() == 0 { &long } else { &short };
        trainer::<Net>(&data).collective(ranks).validation(test).run().unwrap_err().to_string()
    });
    assert_eq!(found, ["rank 1 differs from rank 0: `validation` is 20 instead of 30, the validation data differ"; 2]);
}

#[test]
fn a_callback_that_changes_one_rank_is_an_error_on_all() {
    let data = points::<f32>(74);
    let found = in_threads(4, Duration::ZERO, |ranks| {
        let rank = ranks.rank();
        let mut trainer = trainer::<Net>(&data).collective(ranks).epochs(3).on_step(move |step, net| {
            if rank == 2 && step.step == 1 {
                net.affine1.bias[0] += 1.0;
            }
            ControlFlow::Continue(())
        });
        trainer.run().unwrap_err().to_string()
    });
    let problem = "after 4 steps rank 2 has another network than rank 0: a callback that changes the network has to do the \
                   same on all ranks";
    assert_eq!(found, [problem; 4]);
}

#[test]
fn a_failure_of_one_rank_ends_all() {
    let data = points::<f32>(74);
    // At the end, at a checkpoint in the middle, and on another rank.
    for (every, failing) in [(1000, 0), (2, 0), (1000, 3)] {
        let folder = file(&format!("gone_{every}_{failing}"));
        fs::create_dir_all(&folder).unwrap();
        let found = in_threads(4, Duration::ZERO, |ranks| {
            let (rank, gone) = (ranks.rank(), folder.clone());
            let trainer = trainer::<Net>(&data).collective(ranks).epochs(2).checkpoint(folder.join("run"), every);
            let mut trainer = trainer.on_step(move |step, net| {
                if step.step == 1 && rank == failing {
                    if rank == 0 {
                        fs::remove_dir_all(&gone).unwrap();
                    } else {
                        net.dropout1.p = 7.0;
                    }
                }
                ControlFlow::Continue(())
            });
            trainer.run().map(|_| ()).unwrap_err().to_string()
        });
        for (rank, error) in found.iter().enumerate() {
            assert!(
                if rank == failing { !error.starts_with("rank") } else { error.contains("has ended") },
                "{found:?}"
            );
        }
    }
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
