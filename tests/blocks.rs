//! Blocks: layers that are made of layers by `network!`.

use std::fs;

use typenet::prelude::*;
use typenet::{Tape, with_threads};

network! {
    /// A dense layer with its activation.
    #[derive(Debug, PartialEq)]
    pub block Hidden<const F: usize> = Affine<F, F> -> Tanh;

    /// Blocks in a block, one of them twice.
    #[derive(PartialEq)]
    pub block Pair<const F: usize> = Input<F> -> first: Hidden<F> -> LeakyRelu(0.3) -> second: Hidden<F> -> Hidden<F>;

    /// A block without parameters.
    #[derive(PartialEq)]
    block Bend = Input<8> -> Softplus -> Tanh;

    /// A block that changes the width.
    #[derive(PartialEq)]
    block Squeeze = Affine<8, 3> -> Sigmoid;

    #[derive(Debug, PartialEq)]
    struct Net = Affine<5, 8> -> Pair<8> -> Bend -> Squeeze -> Affine<3, 4> -> SoftmaxWithLoss;

    /// Layers that behave differently in training.
    block Normalized<const F: usize> = Affine<F, F> -> BatchNorm<F> -> Tanh -> Dropout(0.5);

    /// The same block twice.
    struct Noisy = Affine<5, 8> -> Normalized<8> -> Normalized<8> -> Affine<8, 4> -> SoftmaxWithLoss;

    /// A block at the beginning, and a const parameter in a block.
    struct Generic<const F: usize> = Input<F> -> Hidden<F> -> Affine<F, 2> -> MeanSquaredError;
}

mod elsewhere {
    use super::Hidden;
    use typenet::prelude::*;

    network! {
        pub struct Imported = Affine<5, 4> -> Hidden<4, T> -> SoftmaxWithLoss;
    }
}

fn batch() -> (Samples<f64, Dyn, Const<5>>, Labels<Dyn, Const<4>>) {
    let x = Samples::from_fn(Dyn(6), Const, |sample, feature| ((sample * 5 + feature) as f64).sin());
    (x, vec![0, 1, 2, 3, 2, 1].try_into().unwrap())
}

fn random() -> Net<f64> {
    Net::random(Xavier, &mut StdRng::seed_from_u64(1))
}

#[test]
fn gradients_agree_with_differences() {
    let (x, labels) = batch();
    random().gradient_check(&x, &labels).unwrap();
    elsewhere::Imported::<f64>::random(He, &mut StdRng::seed_from_u64(2)).gradient_check(&x, &labels).unwrap();
    let generic = Generic::<5, f64>::random(Xavier, &mut StdRng::seed_from_u64(3));
    generic.gradient_check(&x, &Batch::from_fn(Dyn(6), Const, |i, j| (i + j) as f64)).unwrap();
}

#[test]
fn parameters_have_the_names_of_their_blocks() {
    let names: Vec<_> = random().parameters().map(|parameter| parameter.name).collect();
    let expected = [
        "affine1.weight",
        "affine1.bias",
        "pair1.first.affine1.weight",
        "pair1.first.affine1.bias",
        "pair1.second.affine1.weight",
        "pair1.second.affine1.bias",
        "pair1.hidden3.affine1.weight",
        "pair1.hidden3.affine1.bias",
        "squeeze1.affine1.weight",
        "squeeze1.affine1.bias",
        "affine2.weight",
        "affine2.bias",
    ];
    assert_eq!(names, expected);
    let mut net = random();
    net.pair1.leaky_relu1.negative_slope = 0.5;
    assert_eq!(net.to_f64().pair1.leaky_relu1.negative_slope, 0.5);
}

#[test]
fn every_parameter_learns() {
    let ((x, labels), before) = (batch(), random());
    let mut net = before.clone();
    net.descend(&x, &labels, 0.1);
    for (before, after) in before.parameters().zip(net.parameters()) {
        assert_ne!(before.values, after.values, "{before}");
    }
    for _ in 0..500 {
        net.descend(&x, &labels, 0.5);
    }
    assert!(net.loss(&x, &labels) < 0.5 * before.loss(&x, &labels));
}

#[test]
fn freezing_a_block_freezes_its_inside() {
    let ((x, labels), mut net) = (batch(), random());
    net.freeze("pair1.second").unwrap();
    let before = net.clone();
    net.descend(&x, &labels, 0.1);
    assert_eq!(net.pair1.second, before.pair1.second);
    assert_ne!(net.pair1.first, before.pair1.first);
}

#[test]
fn one_sample_gives_the_output_of_a_batch() {
    let ((x, _), net) = (batch(), random());
    let y = net.predict(&x);
    for row in 0..x.nrows() {
        let single = net.infer(&x.row(row).transpose());
        assert!((single.transpose() - y.row(row)).amax() < 1e-14);
    }
}

#[test]
fn files_and_threads_keep_all_bits() {
    let path = std::env::temp_dir().join(format!("typenet-blocks-{}.safetensors", std::process::id()));
    let net = random();
    net.save(&path).unwrap();
    assert_eq!(Net::<f64>::load(&path).unwrap(), net);
    fs::remove_file(path).unwrap();
    let (x, labels) = batch();
    let train = |threads| {
        let mut net = random();
        with_threads(threads, || (0..20).for_each(|_| _ = net.descend(&x, &labels, 0.1))).unwrap();
        net
    };
    let [one, two, three] = [1, 2, 3].map(train);
    assert!(one == two && two == three);
}

#[test]
fn a_block_is_a_layer_of_its_own() {
    let block = Squeeze::<f32>::default();
    let mut y = [0.0; 3];
    block.infer_into(&[1.0; 8], &mut y, &mut [0.0; <Squeeze as Infer<f32, Const<8>>>::SCRATCH]);
    assert_eq!(y, [0.5; 3]);
    assert_eq!(format!("{block:?}"), "Squeeze { affine1: Affine<8, 3>, sigmoid1: Sigmoid }");
    let mut tape: Tape<Net, _> = Net::tape(Const::<2>);
    tape.forward(&Net::zeros(), &SMatrix::<f32, 2, 5>::zeros());
    let layers: Vec<_> = tape.activations().into_iter().map(|layer| layer.layer).collect();
    assert!(layers.contains(&"pair1.second.affine1".to_owned()), "{layers:?}");
}

#[test]
fn copies_of_a_block_share_neither_noise_nor_statistics() {
    let ((x, labels), mut net) = (batch(), Noisy::<f64>::random(He, &mut StdRng::seed_from_u64(5)));
    net.gradient_check(&x, &labels).unwrap();
    let mut tape = Noisy::tape(Dyn(6));
    net.descend_with(&x, &labels, 0.1, &mut tape);
    let outputs = tape.activations();
    let dropped = |name: &str| -> Vec<bool> {
        let layer = outputs.iter().find(|layer| layer.layer == name).expect("the block has this layer");
        layer.y.iter().map(|y| *y == 0.0).collect()
    };
    let [one, two] = ["normalized1", "normalized2"].map(dropped);
    assert!(one != two && one.contains(&true) && one.contains(&false));
    assert_ne!(net.normalized1.batch_norm1.mean, net.normalized2.batch_norm1.mean);
    assert_eq!(net.predict(&x), net.predict(&x));
}
