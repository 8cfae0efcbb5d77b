//! Gradients with respect to the input, against central differences in `f64`.

#[path = "support/waves.rs"]
mod waves;

use typenet::prelude::*;
use typenet::{Continuous, TargetOf};
use waves::{bits, random, wave};

/// Checks the gradient of the loss on a new tape, and on one that has trained before.
#[track_caller]
fn check<Net, N: Dim>(x: &Samples<f64, N, Net::Input>, target: &TargetOf<Net, N>)
where
    Net: Network<Scalar = f64, Input: Continuous>,
{
    let net: Net = random();
    let dx = net.input_gradient(x, target);
    compare(Net::NAME, x, &dx, |x| net.loss(x, target));

    let (mut tape, mut other) = (Net::tape(x.shape_generic().0), net.clone());
    if x.nrows() >= net.min_samples() {
        other.descend_with(x, target, 0.1, &mut tape);
    }
    assert_eq!(net.input_gradient_with(x, target, &mut tape), &dx, "{} after training", Net::NAME);

    let mut dy = net.predict(x);
    dy.apply(|y| *y = y.cos());
    let dx = net.input_gradient_from(x, &dy);
    compare(Net::NAME, x, &dx, |x| net.predict(x).iter().zip(&dy).map(|(y, dy)| y * dy).sum());
    assert_eq!(net.input_gradient_from_with(x, &dy, &mut tape), &dx, "{} from `dy`", Net::NAME);
}

#[track_caller]
fn compare<N: Dim, F: Shape>(
    name: &str,
    x: &Samples<f64, N, F>,
    dx: &Batch<f64, N, F>,
    loss: impl Fn(&Samples<f64, N, F>) -> f64,
) {
    let largest = dx.amax();
    assert!(largest > 1e-3, "{name}: the gradient is {largest}");
    for place in 0..x.len() {
        let [above, below] = [1e-6, -1e-6].map(|step| {
            let mut moved = x.clone();
            moved[place] += step;
            loss(&moved)
        });
        let differences = (above - below) / 2e-6;
        assert!((dx[place] - differences).abs() < 1e-6 * largest, "{name}: {} not {differences}", dx[place]);
    }
}

/// Declares networks that begin with each of the layers, and checks all of them.
macro_rules! first_layers {
    ($($name:ident = [$($layers:tt)*];)*) => {
        network! { $(struct $name = $($layers)* -> SoftmaxWithLoss;)* }

        #[test]
        fn every_layer_has_one_as_the_first() {
            $(
                check::<$name<f64>, _>(&wave(Dyn(1)), &vec![1].try_into().unwrap());
                check::<$name<f64>, _>(&wave(Dyn(5)), &vec![0, 1, 2, 1, 0].try_into().unwrap());
            )*
        }
    };
}

first_layers! {
    FirstAffine = [Affine<6, 3>];
    FirstAffineWithoutBias = [AffineWithoutBias<6, 3>];
    FirstBatchNorm = [BatchNorm<6> -> Affine<_, 3>];
    FirstConcat = [Concat[Affine<6, 2> -> Tanh | BatchNorm<6>] -> Affine<_, 3>];
    FirstDropout = [Input<6> -> Dropout(0.5) -> Affine<6, 3>];
    FirstElu = [Input<6> -> Elu -> Affine<6, 3>];
    FirstGelu = [Input<6> -> Gelu -> Affine<6, 3>];
    FirstIdentity = [Input<6> -> Identity -> Affine<6, 3>];
    FirstLayerNorm = [LayerNorm<6> -> Affine<_, 3>];
    FirstLeakyRelu = [Input<6> -> LeakyRelu -> Affine<6, 3>];
    FirstPRelu = [PRelu<6> -> Affine<_, 3>];
    FirstRelu = [Input<6> -> Relu -> Affine<6, 3>];
    FirstResidual = [Residual[Affine<6, 6> -> BatchNorm<6> -> Relu -> Affine<6, 6>] -> Affine<6, 3>];
    FirstRmsNorm = [RmsNorm<6> -> Affine<_, 3>];
    FirstSigmoid = [Input<6> -> Sigmoid -> Affine<6, 3>];
    FirstSilu = [Input<6> -> Silu -> Affine<6, 3>];
    FirstSoftplus = [Input<6> -> Softplus -> Affine<6, 3>];
    FirstSum = [Sum[Affine<6, 6> | Identity | BatchNorm<6>] -> Affine<_, 3>];
    FirstTanh = [Input<6> -> Tanh -> Affine<6, 3>];
    FirstAdaptiveAveragePool2d = [Input<2, 5, 5> -> AdaptiveAveragePool2d<3> -> Flatten -> Affine<_, 3>];
    FirstAveragePool1d = [Input<2, 9> -> AveragePool1d<2>(ignore_rest = true) -> Flatten -> Affine<_, 3>];
    FirstAveragePool2d = [Input<2, 6, 6> -> AveragePool2d<2> -> Flatten -> Affine<_, 3>];
    FirstConv1d = [Input<2, 9> -> Conv1d<2, 3, 3>(padding = 1) -> Relu -> Flatten -> Affine<_, 3>];
    FirstConv2d = [Input<2, 6, 6> -> Conv2d<2, 3, 3>(stride = 2, padding = 1, ignore_rest = true) -> Flatten -> Affine<_, 3>];
    FirstConvTranspose2d = [Input<2, 3, 3> -> ConvTranspose2d<2, 2, 3>(stride = 2) -> Flatten -> Affine<_, 3>];
    FirstDepthwiseConv2d = [Input<2, 6, 6> -> DepthwiseConv2d<2, 3> -> Flatten -> Affine<_, 3>];
    FirstDropout2d = [Input<2, 4, 4> -> Dropout2d(0.5) -> Flatten -> Affine<_, 3>];
    FirstFlatten = [Input<2, 3, 3> -> Flatten -> Affine<_, 3>];
    FirstGlobalAveragePool = [Input<6, 3, 3> -> GlobalAveragePool -> Affine<_, 3>];
    FirstMaxPool1d = [Input<2, 9> -> MaxPool1d<3> -> Flatten -> Affine<_, 3>];
    FirstMaxPool2d = [Input<2, 6, 6> -> MaxPool2d<3>(stride = 1, padding = 1) -> Flatten -> Affine<_, 3>];
    FirstNormOfImages = [Input<2, 3, 3> -> BatchNorm<2> -> Flatten -> Affine<_, 3>];
    FirstUpsample2d = [Input<2, 3, 3> -> Upsample2d<2> -> Flatten -> Affine<_, 3>];
}
network! {
    struct Regression = Affine<6, 5> -> Tanh -> Affine<5, 3> -> MeanSquaredError;
    struct Flags = Affine<6, 3> -> SigmoidWithLoss(pos_weight = 3.0);
    struct Rare = Affine<6, 3> -> SoftmaxWithLoss(class_weights = [1.0, 2.0, 5.0], label_smoothing = 0.1);
}

#[test]
fn losses_with_other_targets_and_static_batches_have_one() {
    let target = Batch::from_fn(Const::<4>, Const::<3>, |i, j| f64::from((i + j) % 2 == 0));
    check::<Regression<f64>, _>(&wave(Const::<4>), &target);
    check::<Flags<f64>, _>(&wave(Const::<4>), &target);
    check::<Rare<f64>, _>(&wave(Const::<4>), &[0, 2, 1, 2].try_into().unwrap());
}

/// In inference, a sample does not depend on the others of its batch.
#[test]
fn a_row_depends_on_its_sample_alone() {
    let (net, x, labels) =
        (random::<FirstBatchNorm<f64>>(), wave(Dyn(5)), Labels::new(Dyn(5), &[0, 1, 2, 1, 0]).unwrap());
    let all = net.input_gradient(&x, &labels);
    for sample in 0..5 {
        let one = Samples::from_matrix(&x.rows(sample, 1));
        let alone = net.input_gradient(&one, &Labels::new(Dyn(1), &[labels.classes()[sample]]).unwrap());
        assert!((alone.row(0) - all.row(sample) * 5.0).amax() < 1e-15);
    }
}

#[test]
fn a_tape_adapts_to_other_batch_sizes() {
    let (net, mut tape) = (random::<FirstMaxPool2d<f64>>(), FirstMaxPool2d::tape(Dyn(2)));
    for samples in [3, 5, 1, 0, 3] {
        let (x, labels) = (wave(Dyn(samples)), Labels::zeros(Dyn(samples)));
        let dx = net.input_gradient_with(&x, &labels, &mut tape);
        assert_eq!((dx.shape(), dx), ((samples, 72), &net.input_gradient(&x, &labels)));
    }
}

#[test]
fn the_network_does_not_change() {
    let (net, x) = (random::<FirstBatchNorm<f64>>(), wave(Dyn(5)));
    let before = bits(&net);
    let mut tape = FirstBatchNorm::tape(Dyn(5));
    net.input_gradient_with(&x, &Labels::zeros(Dyn(5)), &mut tape);
    let _ = net.input_gradient_from(&x, &net.classify(&x).one_hot());
    assert_eq!(bits(&net), before);
    // A gradient with respect to the parameters, on the same tape, is that of a new tape.
    let (mut gradient, mut wanted) = (FirstBatchNorm::zeros(), FirstBatchNorm::zeros());
    net.gradient_with(&x, &Labels::zeros(Dyn(5)), &mut tape, &mut gradient);
    net.gradient_with(&x, &Labels::zeros(Dyn(5)), &mut FirstBatchNorm::tape(Dyn(5)), &mut wanted);
    assert_eq!(bits(&gradient), bits(&wanted));
}

#[test]
#[should_panic = "`dy` must have as many samples as `x`"]
fn a_derivative_of_other_samples_panics() {
    let net = random::<FirstAffine<f64>>();
    let _ = net.input_gradient_from(&wave(Dyn(3)), &Batch::zeros(Dyn(2), Const));
}

/// The fast gradient sign method.
#[test]
fn an_adversarial_example() {
    let (net, x) = (random::<FirstAffine<f64>>(), wave(Const::<4>));
    let labels = net.classify(&x);
    let mut attack = x.clone();
    attack.zip_apply(&net.input_gradient(&x, &labels), |x, dx| *x += 0.5 * dx.signum());
    assert!(net.loss(&attack, &labels) > net.loss(&x, &labels));
    assert!(net.accuracy(&attack, &labels) < 1.0);
}

/// The saliency of a linear network is the weight of the class.
#[test]
fn a_saliency_map() {
    let (net, x) = (random::<FirstAffine<f64>>(), wave(Const::<4>));
    let found = net.classify(&x);
    let saliency = net.input_gradient_from(&x, &found.one_hot()).abs();
    for (sample, &class) in found.classes().iter().enumerate() {
        assert_eq!(saliency.row(sample).transpose(), net.affine1.weight.column(class).abs());
    }
}
