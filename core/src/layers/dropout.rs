use nalgebra::base::storage::RawStorage;
use nalgebra::{ComplexField, Dim, Matrix};

use crate::kernels::mix;
use crate::layers::columns::{Column, each_column};
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::{Mode, NOISE_BITS, noise_bits};
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Operation;
use crate::parameters::{At, embedded};
use crate::parameters::{Parameters, Part, PartMut};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Sets values to 0 at random in training, so that no feature depends on another: `y = m · x`.
///
/// Backward: `dx = m · dy`, where `m` is 0 with probability `p`, else `1 / (1 - p)`. So the mean of `y` is `x`, and in
/// [`Mode::Infer`] the layer is the identity.
///
/// A value is dropped where [`Mode::noise`] is below `p`. Backward computes the noise again, so no mask is stored.
///
/// In `network!` it is `Dropout`, with `p = 0.5` as in PyTorch, or `Dropout(0.2)`, `Dropout(p = 0.2)`. Source: Srivastava and others,
/// "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// The probability that a value is dropped: at least 0 and less than 1.
    pub p: f64,
}

impl Dropout {
    /// A layer that drops each value with probability `p`.
    pub const fn new(p: f64) -> Self {
        Self { p }
    }

    /// Sets the probability that a value is dropped.
    #[must_use]
    pub const fn p(self, p: f64) -> Self {
        Self::new(p)
    }
}

/// A layer that drops half of the values.
impl Default for Dropout {
    fn default() -> Self {
        Self::new(0.5)
    }
}

embedded!([] Dropout = Self::new(At::<P>::setting("p")), settings: "p");

impl<T: Scalar> Parameters<T> for Dropout {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::setting_within("p", &self.p, 0.0..1.0))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Setting(&mut self.p))
    }
}

impl<T: Scalar, F: Shape> Infer<T, F> for Dropout {
    type Out = F;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.copy_from_slice(x);
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, F: Shape> Layer<T, F> for Dropout {
    type Cache<N: Dim> = Mode;

    /// # Panics
    ///
    /// In training, unless `p` is at least 0 and less than 1.
    fn forward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
        cache: &mut Mode,
        mode: Mode,
    ) {
        *cache = mode;
        y.copy_from(x);
        drop_values(self.p, 1, y, mode);
    }

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        cache: &mut Mode,
    ) {
        let Some(dx) = dx else { return };
        dx.copy_from(dy);
        drop_values(self.p, 1, dx, *cache);
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operation::identity())
    }
}

/// Multiplies each value by its factor `m`, which all features of a channel of `pixels` features share.
#[cfg(feature = "alloc")]
pub(super) fn drop_values<T: Scalar, N: Dim, F: Shape>(p: f64, pixels: usize, values: &mut Batch<T, N, F>, mode: Mode) {
    let Mode::Train { seed, first } = mode else { return };
    assert!((0.0..1.0).contains(&p), "the probability of a dropout must be at least 0 and less than 1, not {p}");
    let samples = values.nrows();
    let drops = Drops { seed, first: first as u64, pixels, threshold: threshold(p), factor: T::of(1.0 / (1.0 - p)) };
    let units = &mut alloc::vec![(); F::DIM]; // takes no memory
    each_column(drops, samples, units, [values.data.values_mut()], []);
}

/// The smallest number of noise bits that is not below `p` as a fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `p` is from 0 to 1
fn threshold(p: f64) -> u64 {
    ComplexField::ceil(p * (1_u64 << NOISE_BITS) as f64) as u64
}

/// The factors of one feature.
#[derive(Clone, Copy)]
struct Drops<T> {
    seed: u64,
    /// The index of the first sample.
    first: u64,
    pixels: usize,
    threshold: u64,
    factor: T,
}

impl<T: Scalar> Column<T, (), 1, 0> for Drops<T> {
    #[inline(always)]
    fn run(self, feature: usize, (): &mut (), [values]: [&mut [T]; 1], []: [&[T]; 0]) {
        let key = mix(self.seed, (feature / self.pixels) as u64);
        for (value, sample) in values.iter_mut().zip(self.first..) {
            let kept = self.factor * *value;
            *value = if noise_bits(key, sample) < self.threshold { T::zero() } else { kept };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::tests::check_gradients;
    use crate::matrix::Samples;
    use nalgebra::{Const, Dyn};

    const MODE: Mode = Mode::train(5);

    fn forward<const F: usize>(layer: Dropout, samples: usize, mode: Mode) -> Batch<f32, Dyn, Const<F>> {
        let x = Batch::filled(Dyn(samples), Const::<F>, 3.0);
        let mut y = Batch::zeros(Dyn(samples), Const);
        layer.forward(&x, &mut y, &mut Mode::Infer, mode);
        y
    }

    #[test]
    fn gradients_agree_with_differences() {
        for layer in [Dropout::default(), Dropout::new(0.2), Dropout::new(0.0), Dropout::new(0.95)] {
            check_gradients::<Const<1>, _>(&layer, &layer);
            check_gradients::<Const<7>, _>(&layer, &layer);
        }
    }

    #[test]
    fn the_mask_is_the_noise_of_the_mode() {
        for p in [0.0, 0.2, 0.5, 0.99] {
            let y = forward::<30>(Dropout::new(p), 50, MODE);
            for feature in 0..30 {
                for sample in 0..50 {
                    let is_dropped = MODE.noise(sample, feature).unwrap() < p;
                    let wanted = if is_dropped { 0.0 } else { 3.0 * f32::of(1.0 / (1.0 - p)) };
                    assert_eq!(y[(sample, feature)], wanted);
                }
            }
        }
        assert!(forward::<30>(Dropout::new(0.5), 50, Mode::Infer).iter().all(|&y| y == 3.0));
    }

    #[test]
    fn a_fraction_p_of_the_values_is_dropped() {
        for p in [0.1, 0.5, 0.8] {
            let y = forward::<1000>(Dropout::new(p), 200, MODE);
            let fraction = y.iter().filter(|&&y| y == 0.0).count() as f64 / 200_000.0;
            assert!((fraction - p).abs() < 0.005, "{fraction} of the values, not {p}");
            for column in y.column_iter() {
                let fraction = column.iter().filter(|&&y| y == 0.0).count() as f64 / 200.0;
                assert!((fraction - p).abs() < 0.17, "{fraction} of a column, not {p}");
            }
        }
    }

    #[test]
    fn row_major_input_gives_the_same_result() {
        let x = Samples::from_fn(Dyn(9), Const::<5>, |sample, feature| (sample * 5 + feature) as f64);
        let (mut y, mut same) = (Batch::zeros(Dyn(9), Const), Batch::zeros(Dyn(9), Const));
        Dropout::default().forward(&x, &mut y, &mut Mode::Infer, MODE);
        Dropout::default().forward(&Batch::from_matrix(&x), &mut same, &mut Mode::Infer, MODE);
        assert_eq!(y, same);
        assert!(y.iter().any(|&y| y != 0.0));
    }

    #[test]
    fn invalid_probabilities_panic() {
        for p in [1.0, 1.5, -0.1, f64::NAN] {
            assert!(std::panic::catch_unwind(|| forward::<2>(Dropout::new(p), 2, MODE)).is_err(), "{p}");
        }
    }
}
