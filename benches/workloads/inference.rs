//! The workloads that run a network that is there.

use std::fs;
use std::hint::black_box;
use std::iter::zip;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use typenet::data::mnist::Digits;
use typenet::nalgebra::DMatrix;
use typenet::prelude::*;

use crate::clock::{Took, repeat};
use crate::{INPUTS, Mlp, Tiny};

/// How many images [`classes`] takes at a time.
const CHUNK: usize = 1_000;

/// The time of one sample in each of the two networks, from its features to its scores.
pub fn latency(weights: Option<&Path>, at_least: Duration, test: &Digits) -> Result<Value, Error> {
    let (mlp, tiny) = (network::<Mlp>(weights, "mlp.bin")?, network::<Tiny>(weights, "tiny.bin")?);
    let images: Vec<_> = (0..INPUTS).map(|image| batch_from(&test.range::<f32, _>(image, Const::<1>).0)).collect();
    let wave = |i| SMatrix::<f64, 1, 4>::from_fn(|_, j| (i as f64 + 0.5 * j as f64).sin());
    let waves: Vec<_> = (0..INPUTS).map(|i| batch_from(&wave(i))).collect();
    let (out_mlp, calls_mlp, took_mlp) = call_in_turn(&mlp, &images, at_least);
    let (out_tiny, calls_tiny, took_tiny) = call_in_turn(&tiny, &waves, at_least);
    Ok(json!({
        "seconds": took_mlp.seconds + took_tiny.seconds,
        "cpu_seconds": took_mlp.cpu_seconds + took_tiny.cpu_seconds,
        "ns_mlp": took_mlp.seconds / calls_mlp as f64 * 1e9,
        "ns_tiny": took_tiny.seconds / calls_tiny as f64 * 1e9,
        "calls_mlp": calls_mlp,
        "calls_tiny": calls_tiny,
        "out_mlp": out_mlp,
        "out_tiny": out_tiny,
    }))
}

/// How fast all test images are classified; and how well, if the weights are not random.
pub fn throughput(weights: Option<&Path>, at_least: Duration, test: &Digits) -> Result<Value, Error> {
    let net = network::<Mlp>(weights, "mlp.bin")?;
    let right = zip(classes(&net, test), test.labels().classes()).filter(|(class, label)| class == *label).count();
    let (calls, took) = repeat(at_least, |_| {
        black_box(classes(&net, black_box(test)));
    });
    let mut report = json!({
        "seconds": took.seconds,
        "cpu_seconds": took.cpu_seconds,
        "images_per_s": (test.len() * calls) as f64 / took.seconds,
        "calls": calls,
    });
    if weights.is_some() {
        report["test_acc"] = json!(right as f64 / test.len() as f64);
    }
    Ok(report)
}

/// The scores of one sample.
fn infer<'a, Net: Network>(
    net: &Net,
    x: &'a Batch<Net::Scalar, Const<1>, Net::Input>,
    tape: &'a mut Net::Tape<Const<1>>,
) -> &'a Batch<Net::Scalar, Const<1>, Net::Output> {
    net.predict_on(x, tape)
}

/// The class that the network finds most likely, for each of the images.
fn classes(net: &Mlp, images: &Digits) -> Vec<usize> {
    let mut tape = Mlp::tape(Dyn(CHUNK));
    let mut classes = Vec::with_capacity(images.len());
    for start in (0..images.len()).step_by(CHUNK) {
        let (x, _) = images.range(start, Dyn(CHUNK.min(images.len() - start)));
        classes.extend_from_slice(Labels::argmax(net.predict_on(&x, &mut tape)).classes());
    }
    classes
}

/// Runs the network for each of the inputs in turn. Returns the scores of the first, how many calls it was, and the time.
fn call_in_turn<Net: Network<Scalar = f32>>(
    net: &Net,
    inputs: &[Batch<f32, Const<1>, Net::Input>],
    at_least: Duration,
) -> (Vec<f32>, usize, Took) {
    let mut tape = Net::tape(Const);
    let scores = infer(net, &inputs[0], &mut tape).iter().copied().collect();
    let (calls, took) = repeat(at_least, |call| {
        black_box(infer(net, &inputs[black_box(call) % INPUTS], &mut tape));
    });
    (scores, calls, took)
}

/// The network whose parameters are in that file of the folder, or a random one if there is no folder.
fn network<Net: Network<Scalar = f32>>(weights: Option<&Path>, file: &str) -> Result<Net, Error> {
    match weights {
        Some(folder) => read(&folder.join(file)),
        None => Ok(Net::random(He, &mut StdRng::seed_from_u64(1))),
    }
}

/// Reads a file of little-endian `f32`: the first layer's weight row by row, its bias, the second layer's weight, ...
fn read<Net: Network<Scalar = f32>>(path: &Path) -> Result<Net, Error> {
    let bytes = fs::read(path).map_err(|problem| Error::File { path: path.to_owned(), problem })?;
    let mut net = Net::zeros();
    let parameters = net.parameter_count();
    if bytes.len() != 4 * parameters {
        let problem = format!("holds {} bytes, not the {} of {parameters} parameters", bytes.len(), 4 * parameters);
        return Err(Error::Data { path: path.to_owned(), problem });
    }
    let mut values = bytes.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value));
    let shapes: Vec<(usize, usize)> = net.parameters().map(|block| block.shape).collect();
    for (index, (rows, columns)) in shapes.into_iter().enumerate() {
        let block = DMatrix::from_row_iterator(rows, columns, values.by_ref().take(rows * columns));
        net.parameter_mut(index).expect("as many blocks as shapes").copy_from_slice(block.as_slice());
    }
    Ok(net)
}
