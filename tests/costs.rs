//! The costs of networks as constants equal those at run time.

use typenet::layers::{BatchNorm, Conv1d};
use typenet::prelude::*;

#[activation]
fn shifted<T: Scalar>(x: T, by: T) -> T {
    x + by
}

network! {
    block Unit<const F: usize> = Residual[Affine<F, F> -> LayerNorm<F> -> Relu] -> PRelu<F>;

    struct Images = Input<2, 6, 6> -> Conv2d<2, 4, 3> -> BatchNorm<4> -> LeakyRelu(0.2)
        -> DepthwiseConv2d<4, 3>(padding = 1, bias = false) -> Dropout2d(0.1) -> ConvTranspose2d<4, 2, 2> -> Upsample2d<2>
        -> MaxPool2d<2> -> AveragePool2d<1> -> AdaptiveAveragePool2d<2> -> Flatten
        -> Concat[Affine<_, 5> -> Tanh | AffineWithoutBias<_, 3>] -> RmsNorm<8> -> Unit<8> -> Shifted(1.5) -> Dropout(0.5)
        -> Sum[Affine<8, 3> | Affine<8, 3> -> Elu -> Gelu -> Silu -> Softplus -> Sigmoid -> GeluExact -> Identity]
        -> SoftmaxWithLoss(class_weights = [1.0, 2.0, 0.5]);

    struct Pooled = Input<2, 5, 5> -> Conv2d<2, 4, 3>(groups = 2, stride = 2) -> GlobalAveragePool -> Affine<4, 2>
        -> MeanSquaredError;

    struct Signal = Input<1, 16> -> Conv1d<1, 3, 4>(stride = 2) -> BatchNorm<3> -> Flatten -> Affine<21, 1> -> Huber;

    struct Words = Embedding<7, 3> -> Affine<3, 2> -> SigmoidWithLoss;

    #[budget(parameters = 39_760, bytes = "155.4 KiB", multiply_adds = "39.7k")]
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn check<Net: Network>() {
    let (net, summary) = (Net::zeros(), Net::zeros().summary());
    assert_eq!(Net::PARAMETERS, net.parameter_count(), "{}", Net::NAME);
    assert_eq!(Net::MULTIPLY_ADDS, summary.multiply_adds(), "{}", Net::NAME);
    let features = Net::Input::DIM + Net::Output::DIM + Net::SCRATCH;
    assert_eq!(Net::INFER_BYTES, features * size_of::<Net::Scalar>(), "{}", Net::NAME);
}

#[test]
fn costs_are_those_at_run_time() {
    check::<Images>();
    check::<Images<f64>>();
    check::<Pooled>();
    check::<Signal>();
    check::<Words<f64>>();
    check::<TwoLayerNet>();
}

#[test]
fn costs_are_the_books() {
    assert_eq!((TwoLayerNet::<f32>::PARAMETERS, TwoLayerNet::<f32>::MULTIPLY_ADDS), (39_760, 39_700));
    // 4 filters of 9 weights on 2 x 2 windows, for each of the 2 channels of a group of its own.
    assert_eq!(Pooled::<f32>::MULTIPLY_ADDS, 4 * 9 * 4 + 4 * 2);
    assert_eq!(<BatchNorm<3> as Infer<f32, typenet::Image<Const<3>, Const<1>, Const<7>>>>::MULTIPLY_ADDS, 0);
    // A constant may size an array.
    let memory = [0_u8; Words::<f32>::INFER_BYTES];
    assert_eq!(memory.len(), 4 * (1 + 3 + 2));
}

#[test]
fn a_layer_alone_has_costs() {
    assert_eq!(
        <Conv1d<1, 3, 4> as Infer<f32, typenet::Image<Const<1>, Const<1>, Const<16>>>>::MULTIPLY_ADDS,
        3 * 4 * 13
    );
}
