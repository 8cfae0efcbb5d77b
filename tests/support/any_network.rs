//! Checks that any classifier of 3 classes passes, for the generated programs of `random_blocks` and `random_images`.

use std::ops::ControlFlow;

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;
use typenet::{Classes, DataFor, Parameters, Shape, with_threads};

/// Samples in three quantities, with their labels.
pub struct Inputs<F: Shape> {
    few: (Samples<f64, Dyn, F>, Labels<Dyn, Const<3>>),
    /// So many that steps run on several threads.
    many: (Samples<f64, Dyn, F>, Labels<Dyn, Const<3>>),
    table: Table<f64, F, Labels<Dyn, Const<3>>>,
}

impl<F: Shape> Inputs<F> {
    fn new(many: usize, samples: impl Fn(usize) -> Samples<f64, Dyn, F>) -> Self {
        let labels = |count| Labels::new(Dyn(count), &(0..count).map(|i| i * 5 % 3).collect::<Vec<_>>()).unwrap();
        let table = Table::new(samples(23), labels(23)).unwrap();
        Self { few: (samples(7), labels(7)), many: (samples(many), labels(many)), table }
    }
}

/// Samples of four features.
pub fn features() -> Inputs<Const<4>> {
    Inputs::new(12_000, samples)
}

/// Samples of 96 features, for images.
pub fn pixels() -> Inputs<Const<96>> {
    Inputs::new(600, samples)
}

fn samples<const F: usize>(count: usize) -> Samples<f64, Dyn, Const<F>> {
    Samples::from_fn(Dyn(count), Const, |i, j| ((3 * i + 5 * j * j + 1) as f64).sin() * 1.5)
}

/// Samples that are class numbers.
pub fn classes() -> Inputs<Classes<9>> {
    Inputs::new(12_000, |count| {
        Samples::from_classes(Dyn(count), &(0..count).map(|i| i * 4 % 9).collect::<Vec<_>>()).unwrap()
    })
}

/// Runs all checks, and returns the largest difference of `infer` and `predict`, relative to the largest output.
///
/// `norms` is the number of `BatchNorm` layers, and `stop_at` the step after which a training is resumed.
pub fn check<Net>(inputs: &Inputs<Net::Input>, seed: u64, norms: usize, stop_at: usize) -> f64
where
    Net: Network<Scalar = f64, Output = Const<3>, Loss = SoftmaxWithLoss>,
    Table<f64, Net::Input, Labels<Dyn, Const<3>>>: DataFor<Net>,
{
    let mut rng = StdRng::seed_from_u64(seed);
    let mut net = Net::random(Xavier, &mut rng);
    for index in 0.. {
        let Some(values) = net.parameter_mut(index) else { break };
        values.iter_mut().for_each(|value| *value += typenet::rand::RngExt::random_range(&mut rng, -0.1..0.1));
    }
    let (x, labels) = &inputs.few;
    let report = GradientCheck::new().at_most(12).seed(seed).run(&net, x, labels);
    report.unwrap_or_else(|error| panic!("{error}"));
    check_learning(&net, inputs, norms);
    check_threads(&net, inputs);
    let trained = check_resuming(&net, inputs, stop_at);
    difference_of_infer(&trained, x)
}

/// A step changes every parameter and all running statistics.
fn check_learning<Net>(net: &Net, inputs: &Inputs<Net::Input>, norms: usize)
where
    Net: Network<Scalar = f64, Output = Const<3>, Loss = SoftmaxWithLoss>,
{
    let (x, labels) = &inputs.few;
    let (mut after, gradient) = (net.clone(), net.gradient(x, labels));
    after.descend(x, labels, 0.1);
    for ((before, after), gradient) in net.parameters().zip(after.parameters()).zip(gradient.parameters()) {
        // A bias in front of `BatchNorm` has no effect: the mean of the batch is subtracted.
        if before.name.contains("centered") && before.name.ends_with(".bias") {
            assert!(gradient.values.iter().all(|value| value.abs() < 1e-9), "{gradient}: {:?}", gradient.values);
        } else {
            assert_ne!(before.values, after.values, "`{before}` has not learned");
        }
    }
    let (mut before, mut after) = (net.clone(), net.clone());
    after.descend(x, labels, 0.0);
    let changed = arrays(&mut before).into_iter().zip(arrays(&mut after)).filter(|(before, after)| before != after);
    assert_eq!(changed.count(), 2 * norms, "running statistics that a step changes");
}

/// The parameters and the running statistics.
fn arrays(layer: &mut dyn Parameters<f64>) -> Vec<Vec<f64>> {
    let mut list = Vec::new();
    for index in 0.. {
        match layer.part_mut(index) {
            Some(PartMut::Parameter(values)) => list.push(values.to_vec()),
            Some(PartMut::Inside(inside)) => list.extend(arrays(inside)),
            Some(PartMut::Setting(_) | PartMut::Settings(_)) => {}
            None => break,
        }
    }
    list
}

fn bits<Net: Network<Scalar = f64>>(net: &Net) -> Vec<u64> {
    arrays(&mut net.clone()).into_iter().flatten().map(f64::to_bits).collect()
}

/// A step on any number of threads gives the same bits.
fn check_threads<Net>(net: &Net, inputs: &Inputs<Net::Input>)
where
    Net: Network<Scalar = f64, Output = Const<3>, Loss = SoftmaxWithLoss>,
{
    let (x, labels) = &inputs.many;
    let train = |threads| {
        let mut net = net.clone();
        with_threads(threads, || net.descend(x, labels, 0.1)).unwrap();
        bits(&net)
    };
    let one = train(1);
    assert!(one == train(2), "two threads give other bits");
    assert!(one == train(3), "three threads give other bits");
}

/// A training resumed from a file, and a saved network, have the same bits; returns the trained network.
fn check_resuming<Net>(net: &Net, inputs: &Inputs<Net::Input>, stop_at: usize) -> Net
where
    Net: Network<Scalar = f64, Output = Const<3>, Loss = SoftmaxWithLoss>,
    Table<f64, Net::Input, Labels<Dyn, Const<3>>>: DataFor<Net>,
{
    let trainer = || {
        let trainer = Trainer::new(net.clone(), Adam::new(), Schedule::constant(0.01), &inputs.table);
        trainer.batch_size(5).epochs(4).seed(3)
    };
    let mut whole = trainer();
    whole.run().unwrap();
    let file = std::env::temp_dir().join(format!("typenet-random-{}-{}", std::process::id(), Net::NAME));
    let mut steps = 0;
    let mut broken = trainer().checkpoint(&file, 100).on_step(move |_, _| {
        steps += 1;
        if steps == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    broken.run().unwrap();
    assert!(bits(broken.network()) != bits(whole.network()), "the training has not been interrupted");
    let mut resumed = trainer().resume(&file).unwrap();
    resumed.run().unwrap();
    assert!(bits(resumed.network()) == bits(whole.network()), "a resumed training gives other bits");
    whole.network().save(&file).unwrap();
    let loaded = Net::load(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(bits(&loaded) == bits(whole.network()), "a saved and loaded network has other bits");
    loaded
}

/// The largest difference of the outputs of single samples from those of a batch.
fn difference_of_infer<Net>(net: &Net, x: &Samples<f64, Dyn, Net::Input>) -> f64
where
    Net: Network<Scalar = f64, Output = Const<3>>,
{
    let (predicted, mut scratch, mut y) = (net.predict(x), vec![f64::NAN; Net::SCRATCH], [0.0; 3]);
    let mut largest = 0.0_f64;
    for (x, predicted) in x.row_iter().zip(predicted.row_iter()) {
        let x: Vec<f64> = x.iter().copied().collect();
        net.infer_into(&x, &mut y, &mut scratch);
        largest = predicted.iter().zip(y).fold(largest, |largest, (predicted, y)| largest.max((predicted - y).abs()));
    }
    largest / predicted.amax()
}
