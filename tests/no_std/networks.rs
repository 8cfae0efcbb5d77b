// Networks of all built-in layers with constant weights, for programs with and without `std`.

/// `N` reproducible numbers from -0.5 to 0.5, and from 0.5 to 1.5 if they are `positive`.
const fn numbers<const N: usize>(seed: u32, positive: bool) -> [f32; N] {
    let (mut numbers, mut state, mut place) = ([0.0; N], seed.wrapping_mul(0x9E37_79B9) | 1, 0);
    while place < N {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        numbers[place] = (state >> 8) as f32 / (1 << 24) as f32 - if positive { -0.5 } else { 0.5 };
        place += 1;
    }
    numbers
}

/// A matrix of constant weights.
macro_rules! weights {
    ($count:expr, $seed:literal $(, $positive:literal)?) => {{
        static WEIGHTS: [f32; $count] = numbers($seed, false $(|| $positive)?);
        Batch::from_static(&WEIGHTS)
    }};
}

network! {
    block Unit<const F: usize> = Affine<F, F> -> Tanh;

    struct Dense = Affine<6, 8> -> BatchNorm<8> -> Silu -> LayerNorm<8> -> PRelu<8>
        -> Residual[AffineWithoutBias<8, 8> -> Gelu] -> Concat[Affine<8, 3> -> Softplus | Identity]
        -> RmsNorm<11> -> Elu(0.7) -> LeakyRelu(0.1) -> Dropout(0.5) -> Unit<11> -> Sigmoid
        -> Sum[Affine<11, 3> | Affine<11, 3> -> Relu] -> SigmoidWithLoss;

    struct Images = Input<1, 8, 8> -> Conv2d<1, 4, 3>(padding = same) -> BatchNorm<4> -> Relu -> MaxPool2d<2>
        -> ConvTranspose2d<4, 4, 3> -> DepthwiseConv2d<4, 3> -> Upsample2d<2> -> AveragePool2d<2>
        -> AdaptiveAveragePool2d<3> -> Dropout2d(0.2) -> Conv2d<4, 2, 2> -> Flatten -> Affine<8, 4> -> SoftmaxWithLoss;

    struct Pooled = Input<2, 5, 5> -> Conv2d<2, 3, 3>(stride = 2) -> GlobalAveragePool -> Affine<3, 2> -> SoftmaxWithLoss;

    struct Words = Embedding<5, 4> -> Affine<4, 3> -> SoftmaxWithLoss;
}

static DENSE: Dense = Dense::from_layers(
    Affine { weight: weights!(48, 1), bias: weights!(8, 2) },
    BatchNorm {
        scale: weights!(8, 3),
        shift: weights!(8, 4),
        mean: weights!(8, 5),
        variance: weights!(8, 6, true),
        momentum: 0.1,
        epsilon: 1e-5,
    },
    Silu,
    LayerNorm { scale: weights!(8, 7, true), shift: weights!(8, 8), epsilon: 1e-5 },
    PRelu { slope: weights!(8, 9) },
    Residual::new(DenseResidual1::from_layers(AffineWithoutBias { weight: weights!(64, 10) }, Gelu)),
    Concat::new((
        DenseConcat1Branch0::from_layers(Affine { weight: weights!(24, 11), bias: weights!(3, 12) }, Softplus),
        DenseConcat1Branch1::from_layers(Identity),
    )),
    RmsNorm { scale: weights!(11, 13, true), epsilon: 1e-5 },
    Elu::new(0.7),
    LeakyRelu::new(0.1),
    Dropout::new(0.5),
    Unit::from_layers(Affine { weight: weights!(121, 14), bias: weights!(11, 15) }, Tanh),
    Sigmoid,
    Sum::new((
        DenseSum1Branch0::from_layers(Affine { weight: weights!(33, 16), bias: weights!(3, 17) }),
        DenseSum1Branch1::from_layers(Affine { weight: weights!(33, 18), bias: weights!(3, 19) }, Relu),
    )),
    SigmoidWithLoss,
);

/// The rest of the constants, which make layers only.
mod images {
    use super::*;

    pub fn images() -> Images {
        Images::from_layers(
            Conv2d { weight: weights!(36, 20), bias: weights!(4, 21) },
            BatchNorm {
                scale: weights!(4, 22, true),
                shift: weights!(4, 23),
                mean: weights!(4, 24),
                variance: weights!(4, 25, true),
                momentum: 0.1,
                epsilon: 1e-5,
            },
            Relu,
            MaxPool2d::default(),
            ConvTranspose2d { weight: weights!(144, 26), bias: weights!(4, 27) },
            DepthwiseConv2d { weight: weights!(36, 28), bias: weights!(4, 29) },
            Upsample2d,
            AveragePool2d::default(),
            AdaptiveAveragePool2d,
            Dropout2d::new(0.2),
            Conv2d { weight: weights!(32, 30), bias: weights!(2, 31) },
            Flatten,
            Affine { weight: weights!(32, 32), bias: weights!(4, 33) },
            SoftmaxWithLoss,
        )
    }

    pub fn pooled() -> Pooled {
        Pooled::from_layers(
            Conv2d { weight: weights!(54, 34), bias: weights!(3, 35) },
            GlobalAveragePool,
            Affine { weight: weights!(6, 36), bias: weights!(2, 37) },
            SoftmaxWithLoss,
        )
    }

    pub fn words() -> Words {
        Words::from_layers(
            Embedding { weight: weights!(20, 38) },
            Affine { weight: weights!(12, 39), bias: weights!(3, 40) },
            SoftmaxWithLoss,
        )
    }
}

/// Calls `print` with the outputs of all networks.
fn run(mut print: impl FnMut(&[f32])) {
    let x: [f32; 64] = numbers(41, false);
    let mut features = typenet::nalgebra::SVector::<f32, 6>::zeros();
    features.iter_mut().zip(x).for_each(|(feature, x)| *feature = 3.0 * x);
    print(DENSE.infer(&features).as_slice());
    print(DENSE.infer_probabilities(&features).as_slice());
    let mut image = typenet::nalgebra::SVector::<f32, 64>::zeros();
    image.iter_mut().zip(x).for_each(|(pixel, x)| *pixel = x);
    print(images::images().infer_probabilities(&image).as_slice());
    let mut small = typenet::nalgebra::SVector::<f32, 50>::zeros();
    small.iter_mut().zip(x).for_each(|(pixel, x)| *pixel = x);
    print(images::pooled().infer(&small).as_slice());
    for class in 0..5 {
        if let Ok(y) = images::words().infer_class(class) {
            print(y.as_slice());
        }
    }
}
