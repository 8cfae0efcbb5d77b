//! Writes every layer and several networks as ONNX, for `scripts/check-onnx.py`, which runs them in ONNX Runtime.

use std::fs;
use std::path::Path;

use serde_json::json;
use typenet::prelude::*;
use typenet::rand::RngExt;
use typenet::{Features, OnnxError, Operand, Operation, Operator};

/// A function of all operations that activations have.
#[activation]
fn everything<T: Scalar>(x: T, bend: T) -> T {
    let waves = x.sin() * x.cos() + (x * T::of(0.1)).tan() + x.sinh() / x.cosh() - (-x).tanh();
    let logs = (x.abs() + T::one()).ln() + x.abs().ln_1p() + (x * bend).exp_m1() + (T::of(1.5) + x.powi(2)).powf(bend);
    let roots = (x * x + T::one()).sqrt() + (x.powi(2) + T::one()).recip() + x.mul_add(bend, T::of(0.5));
    waves.max(logs).min(T::of(3.0)) + roots + (-x).exp() * T::of(0.01)
}

/// A layer of a learned factor, with its own operators if `WRITTEN` is true.
#[derive(Clone)]
struct Factor<const WRITTEN: bool, T: Scalar> {
    factor: SMatrix<T, 1, 1>,
}

impl<const WRITTEN: bool, T: Scalar> Default for Factor<WRITTEN, T> {
    fn default() -> Self {
        Self { factor: SMatrix::repeat(T::of(1.5)) }
    }
}

impl<const WRITTEN: bool, T: Scalar> Parameters<T> for Factor<WRITTEN, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::scale("factor", &self.factor))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut self.factor))
    }
}

impl<const WRITTEN: bool, T: Scalar, F: Shape> Infer<T, F> for Factor<WRITTEN, T> {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = self.factor[0] * x);
    }
}

impl<const WRITTEN: bool, T: Scalar, F: Shape> Layer<T, F> for Factor<WRITTEN, T> {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        (): &mut (),
    ) {
        if let Some(dx) = dx {
            dx.zip_apply(dy, |dx, dy| *dx = self.factor[0] * dy);
        }
    }

    fn operation(&self) -> Option<Operation> {
        WRITTEN.then(|| Operator::new("Mul", [Operand::Input, Operand::Parameter("factor")]).into())
    }
}

network! {
    struct Multiplied = Affine<5, 5> -> Factor<true, T> -> MeanSquaredError;
    struct Unwritten = Affine<5, 5> -> own: Factor<false, T> -> Residual[Tanh -> Factor<false, T>] -> MeanSquaredError;
    struct Dense = Affine<5, 3> -> MeanSquaredError;
    struct WithoutBias = AffineWithoutBias<5, 3> -> MeanSquaredError;
    struct OneFeature = Affine<1, 1> -> AffineWithoutBias<1, 1> -> BatchNorm<1> -> MeanSquaredError;
    struct Norm = BatchNorm<5>(epsilon = 0.01) -> MeanSquaredError;
    struct Rows = LayerNorm<5>(epsilon = 0.01) -> MeanSquaredError;
    struct Roots = RmsNorm<5> -> MeanSquaredError;
    struct Slopes = PRelu<5> -> MeanSquaredError;
    struct Rectified = Affine<5, 5> -> Relu -> MeanSquaredError;
    struct Sloped = Affine<5, 5> -> LeakyRelu(0.2) -> MeanSquaredError;
    struct Exponential = Affine<5, 5> -> Elu(0.7) -> MeanSquaredError;
    struct Gaussian = Affine<5, 5> -> Gelu -> MeanSquaredError;
    struct GaussianExact = Affine<5, 5> -> GeluExact -> MeanSquaredError;
    struct Swish = Affine<5, 5> -> Silu -> MeanSquaredError;
    struct Smooth = Affine<5, 5> -> Softplus -> MeanSquaredError;
    struct Logistic = Affine<5, 5> -> Sigmoid -> MeanSquaredError;
    struct Hyperbolic = Affine<5, 5> -> Tanh -> MeanSquaredError;
    struct Own = Affine<5, 5> -> Everything(0.5) -> MeanSquaredError;
    struct Nothing = Affine<5, 5> -> Dropout -> Identity -> MeanSquaredError;
    struct Skip = Residual[Affine<5, 5> -> Tanh] -> MeanSquaredError;
    struct Adding = Sum[Affine<5, 4> -> Relu | Affine<5, 4> | Affine<5, 2> -> Affine<2, 4>] -> MeanSquaredError;
    struct Joining = Concat[Affine<5, 2> | Identity | Affine<5, 3> -> Tanh] -> MeanSquaredError;

    struct Window = Input<2, 9, 8> -> Conv2d<2, 3, 3>(stride = (2, 1), padding = (1, 2), dilation = (1, 2)) -> Flatten
        -> MeanSquaredError;
    struct Groups = Input<4, 6, 6> -> Conv2d<4, 6, 3>(groups = 2, bias = false) -> Flatten -> MeanSquaredError;
    struct Separate = Input<3, 6, 6> -> DepthwiseConv2d<3, 3>(padding = same) -> Flatten -> MeanSquaredError;
    struct Transposed = Input<3, 4, 5> -> ConvTranspose2d<3, 2, 3>(stride = (2, 3), padding = 1, output_padding = (1, 2))
        -> Flatten -> MeanSquaredError;
    struct Maxima = Input<2, 8, 8> -> MaxPool2d<3>(stride = 2, padding = 1, ignore_rest = true) -> Flatten
        -> MeanSquaredError;
    struct Dilated = Input<2, 8, 8> -> MaxPool2d<2>(stride = 1, dilation = 3) -> Flatten -> MeanSquaredError;
    struct Means = Input<2, 8, 8> -> AveragePool2d<3>(stride = 2, padding = 1, ignore_rest = true) -> Flatten
        -> MeanSquaredError;
    struct Inner = Input<2, 7, 7> -> AveragePool2d<3>(stride = 2, padding = 1, count_padding = false) -> Flatten
        -> MeanSquaredError;
    struct Apart = Input<2, 7, 7> -> AveragePool2d<3>(stride = 1, padding = 1, dilation = 2, count_padding = false)
        -> AveragePool2d<2>(stride = 1, dilation = 2) -> Flatten -> MeanSquaredError;
    struct Fitted = Input<2, 7, 8> -> AdaptiveAveragePool2d<3, 5> -> Flatten -> MeanSquaredError;
    struct Larger = Input<2, 3, 4> -> Upsample2d<3> -> Flatten -> MeanSquaredError;
    struct Whole = Input<2, 3, 4> -> GlobalAveragePool -> MeanSquaredError;
    struct Channels = Input<2, 3, 4> -> BatchNorm<2> -> Dropout2d -> Tanh -> Flatten -> MeanSquaredError;
    struct Signal = Input<2, 20> -> Conv1d<2, 3, 5>(stride = 3, padding = 2, dilation = 2, ignore_rest = true) -> Flatten
        -> MeanSquaredError;
    struct SignalPools = Input<2, 24> -> MaxPool1d<2> -> AveragePool1d<3>(stride = 1, padding = 1) -> Flatten -> MeanSquaredError;
    struct SignalSkip = Input<2, 8> -> Residual[Conv1d<2, 2, 3>(padding = same)] -> Flatten -> MeanSquaredError;

    struct Deep = Affine<5, 8> -> LayerNorm<8> -> Gelu -> Dropout(0.1) -> Affine<8, 8> -> Silu -> Affine<8, 3>
        -> MeanSquaredError;
    block Unit<const C: usize> = Input<C, 6, 6> -> Residual[Conv2d<C, C, 3>(padding = same) -> BatchNorm<C> -> Relu] -> Relu;
    struct Convolutional = Input<1, 8, 8> -> Conv2d<1, 6, 3> -> Relu -> Unit<6> -> first: Unit<6> -> MaxPool2d<2> -> Flatten
        -> Affine<_, 10> -> MeanSquaredError;
    struct Branches = Input<2, 6, 6> -> Concat[Conv2d<2, 3, 1> | Sum[Identity | Conv2d<2, 2, 3>(padding = same)]]
        -> GlobalAveragePool -> Affine<5, 3> -> MeanSquaredError;
    struct Signals = Input<1, 32> -> Conv1d<1, 4, 5>(padding = same) -> Relu -> MaxPool1d<2> -> Conv1d<_, 4, 3>(groups = 2)
        -> GlobalAveragePool -> Affine<4, 2> -> MeanSquaredError;
    struct Words = Embedding<7, 3> -> Affine<3, 4> -> Tanh -> MeanSquaredError;

    struct Classifier = Affine<5, 8> -> Relu -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Tagger = Affine<5, 3> -> SigmoidWithLoss;
}

/// The batch sizes of the examples.
const BATCHES: [usize; 2] = [1, 7];

/// A network after a few steps, so that running statistics are not those of a new one.
fn trained<Net: Network<Scalar = f32>>(x: &Batch<f32, Dyn, Net::Input>) -> Net
where
    Net::Output: Features,
    Net::Loss: Loss<Net::Output, Target<f32, Dyn> = Batch<f32, Dyn, Net::Output>>,
{
    let mut net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let target = Batch::zeros(Dyn(x.nrows()), Net::Output::name());
    for _ in 0..3 {
        net.descend(x, &target, 0.05);
    }
    net
}

fn random<F: Shape + Features>(samples: usize, seed: u64) -> Batch<f32, Dyn, F> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut x = Batch::zeros(Dyn(samples), F::name());
    x.apply(|x| *x = rng.random_range(-2.0..2.0));
    x
}

/// Writes a model, and inputs with their outputs row by row.
fn write<Net: Network<Scalar = f32>>(
    name: &str,
    model: Result<Vec<u8>, OnnxError>,
    inputs: impl Fn(usize) -> Batch<f32, Dyn, Net::Input>,
    output: impl Fn(&Batch<f32, Dyn, Net::Input>) -> Batch<f32, Dyn, Net::Output>,
) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("onnx");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.onnx")), model.unwrap()).unwrap();
    let batches = BATCHES.map(|samples| {
        let x = inputs(samples);
        let y = output(&x);
        json!({ "samples": samples, "x": x.transpose().as_slice(), "y": y.transpose().as_slice() })
    });
    fs::write(folder.join(format!("{name}.json")), serde_json::to_string(&batches).unwrap()).unwrap();
}

fn write_network<Net: Network<Scalar = f32>>()
where
    Net::Input: Features,
    Net::Output: Features,
    Net::Loss: Loss<Net::Output, Target<f32, Dyn> = Batch<f32, Dyn, Net::Output>>,
{
    let net: Net = trained(&random(8, 2));
    write::<Net>(Net::NAME, net.to_onnx(), |samples| random(samples, 3), |x| net.predict(x));
}

#[test]
fn every_layer_is_written() {
    macro_rules! write_all {
        ($($net:ty)*) => {
            $(write_network::<$net>();)*
        };
    }
    write_all! {
        Dense WithoutBias OneFeature Norm Rows Roots Slopes Rectified Sloped Exponential Gaussian GaussianExact Swish Smooth Logistic
        Hyperbolic Own Nothing Skip Adding Joining Window Groups Separate Transposed Maxima Dilated Means Inner Apart
        Fitted Larger Whole Channels Multiplied Signal SignalPools SignalSkip Deep Convolutional Branches Signals
    }
}

#[test]
fn class_numbers_are_written() {
    let numbers = [6, 0, 3, 3, 5, 1, 2];
    let words = |samples| Batch::from_classes(Dyn(samples), &numbers[..samples]).unwrap();
    let net: Words = trained(&words(7));
    write::<Words>("Words", net.to_onnx(), words, |x| net.predict(x));
}

#[test]
fn probabilities_are_written() {
    let net: Classifier = Classifier::random(He, &mut StdRng::seed_from_u64(4));
    let model = net.to_onnx_with_probabilities();
    write::<Classifier>("Classifier", model, |samples| random(samples, 5), |x| net.probabilities(x));
    let net: Tagger = Tagger::random(He, &mut StdRng::seed_from_u64(4));
    write::<Tagger>("Tagger", net.to_onnx_with_probabilities(), |samples| random(samples, 5), |x| net.probabilities(x));
}

#[test]
fn an_error_names_all_layers_without_operators() {
    let error = Unwritten::<f32>::default().to_onnx().unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write ONNX: no operators for `own` (Factor<false, T>) and `residual1.factor1` (Factor<false, T>); \
         implement `Layer::operation`"
    );
    let mut net = Dense::<f32>::default();
    net.affine1.bias[1] = f32::NAN;
    let error = net.to_onnx().unwrap_err().to_string();
    assert_eq!(error, "cannot write ONNX: `affine1.bias` has a NaN or infinite value");
    let mut net = Norm::<f32>::default();
    net.batch_norm1.epsilon = -1.0;
    let error = net.to_onnx().unwrap_err().to_string();
    assert_eq!(error, "cannot write ONNX: `batch_norm1.epsilon` must be greater than 0 and finite, not -1.0");
}
