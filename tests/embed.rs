//! Networks whose weights are constants of the program.

use std::path::Path;

use typenet::prelude::*;
use typenet::{Constant, Constants};

/// A layer of the user's, with a parameter and a hyperparameter.
mod user {
    use typenet::prelude::*;
    use typenet::{At, EmbedAt, Place};

    #[derive(Clone)]
    pub struct Scale<const F: usize, T: Scalar = f32> {
        pub factors: Batch<T, Const<1>, Const<F>>,
        pub power: f64,
    }

    impl<const F: usize, T: Scalar> Default for Scale<F, T> {
        fn default() -> Self {
            Self { factors: Batch::zeros(Const, Const), power: 0.0 }
        }
    }

    impl<const F: usize, T: Scalar, P: Place> EmbedAt<T, P> for Scale<F, T> {
        const EMBEDDED: Self = Self { factors: At::<P>::matrix("factors"), power: At::<P>::setting("power") };
    }

    impl<const F: usize, T: Scalar> Parameters<T> for Scale<F, T> {
        fn part(&self, index: usize) -> Option<Part<'_, T>> {
            match index {
                0 => Some(Part::scale("factors", &self.factors)),
                1 => Some(Part::setting("power", &self.power)),
                _ => None,
            }
        }

        fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
            match index {
                0 => Some(PartMut::parameter(&mut *self.factors)),
                1 => Some(PartMut::Setting(&mut self.power)),
                _ => None,
            }
        }
    }

    impl<const F: usize, T: Scalar> Infer<T, Const<F>> for Scale<F, T> {
        type Out = Const<F>;

        fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
            let power = T::of(self.power);
            y.iter_mut().zip(x).zip(self.factors.iter()).for_each(|((y, &x), &factor)| *y = x * factor + power);
        }
    }

    impl<const F: usize, T: Scalar> Layer<T, Const<F>> for Scale<F, T> {
        type Cache<N: Dim> = ();

        fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
            &self,
            _: &Matrix<T, N, Const<F>, S>,
            _: &Batch<T, N, Const<F>>,
            _: &Batch<T, N, Const<F>>,
            _: Option<&mut Batch<T, N, Const<F>>>,
            (): &mut (),
        ) {
            unreachable!("the test does not train")
        }
    }
}

use user::Scale;

network! {
    block Unit<const F: usize> = Residual[Affine<F, F> -> LayerNorm<F> -> Relu] -> PRelu<F>;

    /// Every kind of layer with parameters.
    struct Everything = Input<2, 6, 6> -> Conv2d<2, 4, 3> -> BatchNorm<4>(momentum = 0.3) -> LeakyRelu(0.2)
        -> DepthwiseConv2d<4, 3>(padding = 1, bias = false) -> ConvTranspose2d<4, 2, 2> -> Flatten
        -> Concat[Affine<_, 5> -> Tanh | AffineWithoutBias<_, 3>] -> RmsNorm<8> -> Unit<8> -> Scale<8, T> -> Dropout(0.5)
        -> Sum[Affine<8, 3> | Affine<8, 3> -> Elu] -> SoftmaxWithLoss(class_weights = [1.0, 2.0, 0.5]);

    struct Words = Embedding<7, 3> -> Affine<3, 2> -> MeanSquaredError;
}

include_network!(EVERYTHING: Everything = "tests/fixtures/embedded/everything.safetensors");
include_network! {
    /// Of a training run that keeps its best network.
    pub WORDS: Words<f64> = "tests/fixtures/embedded/words.safetensors"
}

fn everything() -> Everything {
    let mut rng = StdRng::seed_from_u64(1);
    let mut net: Everything = Everything::random(Xavier, &mut rng);
    // No parameter keeps its default.
    for place in 0..net.parameters().count() {
        let values = net.parameter_mut(place).unwrap();
        values.iter_mut().enumerate().for_each(|(at, value)| *value += 0.01 * (1 + (at * 7 + place) % 13) as f32);
    }
    net.batch_norm1.mean.fill(0.25);
    net.batch_norm1.variance.fill(2.0);
    net.leaky_relu1.negative_slope = 0.3;
    net.scale1.power = 0.125;
    net
}

fn words() -> Words<f64> {
    Words::random(Xavier, &mut StdRng::seed_from_u64(2))
}

#[test]
#[ignore = "writes the files that the other tests embed"]
fn write_the_files() {
    let folder = Path::new("tests/fixtures/embedded");
    everything().save(folder.join("everything.safetensors")).unwrap();
    words().save(folder.join("words.safetensors")).unwrap();
}

#[test]
fn an_embedded_network_equals_the_saved_one() {
    let x = SMatrix::<f32, 5, 72>::from_fn(|row, column| ((row * 31 + column * 17) % 23) as f32 / 11.0 - 1.0);
    assert_eq!(EVERYTHING.predict(&x), everything().predict(&x));
    assert_eq!(EVERYTHING.infer(&x.row(0).transpose()), everything().infer(&x.row(0).transpose()));
    assert!(EVERYTHING.parameters().eq(everything().parameters()));
    assert_eq!(EVERYTHING.leaky_relu1.negative_slope, 0.3);
    assert_eq!((EVERYTHING.scale1.power, EVERYTHING.batch_norm1.momentum), (0.125, 0.3));
    assert_eq!(WORDS.infer_class(6), words().infer_class(6));
}

#[test]
fn weights_are_read_in_place() {
    // Two copies share the constants.
    let (one, other) = (EVERYTHING.clone(), EVERYTHING.clone());
    let addresses = |net: &Everything| -> Vec<_> { net.parameters().map(|part| part.values.as_ptr()).collect() };
    assert_eq!(addresses(&one), addresses(&other));
    assert_eq!(addresses(&one), addresses(&EVERYTHING));
}

#[test]
fn a_changed_network_leaves_the_constants_alone() {
    let mut net = WORDS.clone();
    net.affine1.bias[0] += 1.0;
    assert_eq!(net.affine1.weight.as_ptr(), WORDS.affine1.weight.as_ptr());
    assert_ne!(net.affine1.bias.as_ptr(), WORDS.affine1.bias.as_ptr());
    assert_eq!(net.affine1.bias[0], WORDS.affine1.bias[0] + 1.0);
}

#[test]
fn an_embedded_network_can_be_trained_further() {
    let mut net = WORDS.clone();
    let x = Samples::<f64, Const<3>, Classes<7>>::from_classes(Const, &[0, 3, 6]).unwrap();
    let (x, target) = (x, Batch::from([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]));
    let before = net.loss(&x, &target);
    for _ in 0..200 {
        net.descend(&x, &target, 0.1);
    }
    assert!(net.loss(&x, &target) < before / 2.0);
    assert_eq!(WORDS.loss(&x, &target), before);
}

#[test]
fn bytes_equal_the_file() {
    let bytes = words().to_bytes().unwrap();
    assert_eq!(bytes, std::fs::read("tests/fixtures/embedded/words.safetensors").unwrap());
    assert!(Words::<f64>::from_bytes(&bytes).unwrap().parameters().eq(words().parameters()));

    let error = Words::<f64>::from_bytes(&bytes[..bytes.len() - 1]).unwrap_err();
    assert_eq!(error.to_string(), "the file in memory is truncated: it has only 231 of its 232 bytes of tensors");
    let error = Words::<f32>::from_bytes(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "the file in memory holds a network in f64, but this one computes in f32");
    let mut broken = words();
    broken.affine1.bias[1] = f64::NAN;
    let error = broken.to_bytes().unwrap_err();
    assert_eq!(error.to_string(), "the file in memory was not written: `affine1.bias` has a NaN or infinite value");
}

#[test]
fn each_difference_from_the_declaration_is_named() {
    const WEIGHT: Constant = constant("embedding1.weight", &[7, 3]);
    const WIDE: Constant = constant("embedding1.weight", &[7, 4]);
    const NUMBER: Constant = constant("embedding1.weight", &[]);
    const SURPLUS: Constant = constant("affine1.weights", &[]);
    const OTHERS: [Constant; 2] = [constant("affine1.weight", &[3, 2]), constant("affine1.bias", &[1, 2])];
    let layers = ["embedding1", "affine1"];
    let complete: &[Constant] = &[WEIGHT, OTHERS[0], OTHERS[1]];
    let cases: [(&str, &[&str], &'static [Constant], &str); 8] = [
        ("f64", &layers, complete, ""),
        ("f32", &layers, complete, "the file holds numbers in `f32`, but `Words` computes in `f64`"),
        ("f64", &["embedding1", "relu1"], complete, "the file holds `relu1` where `Words` has `affine1`"),
        ("f64", &["embedding1"], complete, "the file holds no more layers where `Words` has `affine1`"),
        ("f64", &layers, &[WEIGHT], "the file holds no `affine1.weight`, which `Words` has as 3 x 2"),
        (
            "f64",
            &layers,
            &[WIDE, OTHERS[0], OTHERS[1]],
            "the file holds `embedding1.weight` as 7 x 4, but `Words` has it as 7 x 3",
        ),
        (
            "f64",
            &layers,
            &[WEIGHT, OTHERS[0], OTHERS[1], SURPLUS],
            "the file holds `affine1.weights`, which `Words` has not",
        ),
        (
            "f64",
            &layers,
            &[NUMBER, OTHERS[0], OTHERS[1]],
            "the file holds `embedding1.weight` as a single number, but `Words` has it as 7 x 3",
        ),
    ];
    for (scalar, layers, constants, expected) in cases {
        let check = || typenet::__private::embed::check::<Words<f64>>(scalar, layers, Constants(constants));
        let found = std::panic::catch_unwind(check).map_err(|panic| *panic.downcast::<String>().unwrap());
        assert_eq!(found.err().unwrap_or_default(), expected);
    }
}

const fn constant(name: &'static str, shape: &'static [usize]) -> Constant {
    Constant { name, shape, values: typenet::__private::Numbers::F64(&[]) }
}

#[activation]
fn bent<T: Scalar>(x: T, slope: T) -> T {
    slope * x
}

#[loss]
fn quantile<T: Scalar>(y: T, t: T, q: T) -> T {
    (q * (t - y)).max((q - T::one()) * (t - y))
}

#[test]
fn generated_layers_and_losses_are_embedded_with_their_settings() {
    use typenet::__private::{Numbers, Path};
    use typenet::{EmbedAt, Place};

    struct File;

    impl Place for File {
        const CONSTANTS: Constants = Constants(&[
            Constant { name: "slope", shape: &[], values: Numbers::F64(&[0.25]) },
            Constant { name: "q", shape: &[], values: Numbers::F64(&[0.9]) },
        ]);
        const PATH: Path<'static> = Path::root("");
    }

    assert_eq!(<Bent as EmbedAt<f32, File>>::EMBEDDED, Bent::new(0.25));
    assert_eq!(<Quantile as EmbedAt<f64, File>>::EMBEDDED, Quantile::new(0.9));
    assert_eq!(EVERYTHING.loss.class_weights, [1.0, 2.0, 0.5]);
}
