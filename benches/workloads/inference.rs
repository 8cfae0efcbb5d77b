//! The workloads that run a network.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use typenet::data::mnist::Digits;
use typenet::nalgebra::{DMatrix, SVector};
use typenet::prelude::*;

use crate::clock::{Took, repeat};
use crate::{Classifier, Conv, INPUTS, Mlp, Tiny};

/// Times inference of one sample in each of two networks, from features to scores.
pub fn latency(
    weights: Option<&Path>,
    at_least: Duration,
    test: &Digits,
) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let (mlp, tiny) = (network::<Mlp>(weights, "mlp.bin")?, network::<Tiny>(weights, "tiny.bin")?);
    let image = |image| test.range::<f32, _>(image, Const::<1>).0.transpose();
    let wave = |i| SMatrix::<f64, 4, 1>::from_fn(|j, _| (i as f64 + 0.5 * j as f64).sin()).cast();
    let (images, waves): (Vec<_>, Vec<_>) = (0..INPUTS).map(|i| (image(i), wave(i))).unzip();
    let (out_mlp, calls_mlp, took_mlp) = call_in_turn(&images, at_least, |x| mlp.infer(x));
    let (out_tiny, calls_tiny, took_tiny) = call_in_turn(&waves, at_least, |x| tiny.infer(x));
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

/// Times the classification of all test images. Also reports the accuracy if the weights are not random.
pub fn throughput<Net: Classifier>(
    weights: Option<&Path>,
    file: &str,
    at_least: Duration,
    test: &Digits,
) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let net = network::<Net>(weights, file)?;
    let accuracy = net.evaluate(test);
    let (calls, took) = repeat(at_least, |_| {
        black_box(net.classify_all(black_box(test)));
    });
    let mut report = json!({
        "seconds": took.seconds,
        "cpu_seconds": took.cpu_seconds,
        "images_per_s": (test.len() * calls) as f64 / took.seconds,
        "batch": test.len(),
        "calls": calls,
    });
    if weights.is_some() {
        report["test_acc"] = json!(accuracy);
    }
    Ok(report)
}

/// Times inference of one image in the convolutional network.
pub fn conv_latency(
    weights: Option<&Path>,
    at_least: Duration,
    test: &Digits,
) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let net = network::<Conv>(weights, "conv.bin")?;
    let images: Vec<_> = (0..INPUTS).map(|image| test.range::<f32, _>(image, Const::<1>).0.transpose()).collect();
    let (out, calls, took) = call_in_turn(&images, at_least, |x| net.infer(x));
    Ok(json!({
        "seconds": took.seconds,
        "cpu_seconds": took.cpu_seconds,
        "ns_conv": took.seconds / calls as f64 * 1e9,
        "calls": calls,
        "out_conv": out,
    }))
}

/// Calls the network for each input in turn. Returns the scores of the first, the number of calls, and the time.
fn call_in_turn<X, const C: usize>(
    inputs: &[X],
    at_least: Duration,
    infer: impl Fn(&X) -> SVector<f32, C>,
) -> (Vec<f32>, usize, Took) {
    let scores = infer(&inputs[0]).as_slice().to_vec();
    let (calls, took) = repeat(at_least, |call| {
        black_box(infer(&inputs[black_box(call) % INPUTS]));
    });
    (scores, calls, took)
}

/// Reads a network's parameters from a file in `weights`, or creates a random network without a folder.
fn network<Net: Network<Scalar = f32>>(
    weights: Option<&Path>,
    file: &str,
) -> Result<Net, Box<dyn Error + Send + Sync>> {
    match weights {
        Some(folder) => read(&folder.join(file)),
        None => Ok(Net::random(He, &mut StdRng::seed_from_u64(1))),
    }
}

/// Reads a file of little-endian `f32`: the first layer's weight, its bias, the second layer's weight, ...
///
/// A matrix is stored row by row, the weights of a convolution filter by filter.
fn read<Net: Network<Scalar = f32>>(path: &Path) -> Result<Net, Box<dyn Error + Send + Sync>> {
    let bytes = fs::read(path).map_err(|problem| format!("cannot read `{}`: {problem}", path.display()))?;
    let mut net = Net::zeros();
    let parameters = net.parameter_count();
    if bytes.len() != 4 * parameters {
        let problem = format!("holds {} bytes, not the {} of {parameters} parameters", bytes.len(), 4 * parameters);
        return Err(format!("`{}` {problem}", path.display()).into());
    }
    let mut values = bytes.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value));
    let shapes: Vec<&[usize]> = net.parameters().map(|block| block.shape).collect();
    for (index, shape) in shapes.into_iter().enumerate() {
        let block = net.parameter_mut(index).expect("as many blocks as shapes");
        let values = values.by_ref().take(block.len());
        match *shape {
            [rows, columns] => {
                block.copy_from_slice(DMatrix::from_row_iterator(rows, columns, values).as_slice());
            }
            _ => block.iter_mut().zip(values).for_each(|(to, value)| *to = value),
        }
    }
    Ok(net)
}
