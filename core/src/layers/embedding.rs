#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Const, Dim, Matrix};
use rand::Rng;

use crate::initializer::Initializer;
use crate::kernels::Loop;
use crate::kernels::{Splittable, run_parallel};
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
use crate::parameters::{At, Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;
use crate::shape::Classes;

/// A learned row of `F` features for each of `CLASSES` classes, such as words: the first layer of a network.
///
/// ```text
/// forward    Yᵢ = W[xᵢ]                          (N x 1)  (CLASSES x F)  -> (N x F)
/// gradient   dW[c] = sum of dYᵢ with xᵢ = c      (N x 1)  (N x F)        -> (CLASSES x F)
/// ```
///
/// The input is a batch of class numbers, made from [`Labels`](crate::Labels): see [`Classes`]. The result equals that of
/// `AffineWithoutBias<CLASSES, F>` for one-hot rows. A class number has no derivative, so `dx` is zero.
///
/// The parameter is `weight` (`CLASSES x F`), zero by default. [`Network::random`](crate::Network::random) draws it for a
/// fan-in of 1, because only one row contributes to an output. `Normal { std: 1.0 }` is the distribution of PyTorch's
/// `Embedding`.
#[doc(alias("Lookup", "EmbeddingBag", "OneHot"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding<const CLASSES: usize, const F: usize, T: Scalar = f32> {
    /// The weight `W`: a row for each class.
    pub weight: Batch<T, Const<CLASSES>, Const<F>>,
}

#[cfg(feature = "alloc")]
impl<const CLASSES: usize, const F: usize, T: Scalar> Default for Embedding<CLASSES, F, T> {
    fn default() -> Self {
        Self { weight: Batch::zeros(Const, Const) }
    }
}

impl<const CLASSES: usize, const F: usize, T: Scalar> Parameters<T> for Embedding<CLASSES, F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::weight("weight", &self.weight).keep_rows())
    }

    #[cfg(feature = "alloc")]
    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut *self.weight))
    }

    #[cfg(feature = "alloc")]
    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        for mut row in self.weight.row_iter_mut() {
            row.apply(|weight| *weight = T::of(initializer.draw(1, F, rng)));
        }
    }
}

impl<const CLASSES: usize, const F: usize, T: Scalar> Embed<T> for Embedding<CLASSES, F, T> {
    const PARTS: &'static [Declared] = &[Declared::parameter("weight", &[CLASSES, F])];
}

impl<const CLASSES: usize, const F: usize, T: Scalar, Q: Place> EmbedAt<T, Q> for Embedding<CLASSES, F, T> {
    const EMBEDDED: Self = Self { weight: At::<Q>::matrix("weight") };
}

impl<const CLASSES: usize, const F: usize, T: Scalar> Infer<T, Classes<CLASSES>> for Embedding<CLASSES, F, T> {
    type Out = Const<F>;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        let class = Classes::<CLASSES>::number(x[0]);
        let columns = self.weight.as_ref().chunks_exact(CLASSES);
        y.iter_mut().zip(columns).for_each(|(y, column)| *y = column[class]);
    }
}

#[cfg(feature = "alloc")]
impl<const CLASSES: usize, const F: usize, T: Scalar> Layer<T, Classes<CLASSES>> for Embedding<CLASSES, F, T> {
    /// The class of each sample.
    type Cache<N: Dim> = Vec<usize>;

    fn forward<N: Dim, S: RawStorage<T, N, Classes<CLASSES>>>(
        &self,
        x: &Matrix<T, N, Classes<CLASSES>, S>,
        y: &mut Batch<T, N, Const<F>>,
        classes: &mut Vec<usize>,
        _: Mode,
    ) {
        classes.iter_mut().zip(x.iter()).for_each(|(class, &x)| *class = Classes::<CLASSES>::number(x));
        run_parallel(Gather { classes, rows: CLASSES, weight: self.weight.data.values(), y: y.data.values_mut() });
    }

    fn backward<N: Dim, S: RawStorage<T, N, Classes<CLASSES>>>(
        &self,
        _: &Matrix<T, N, Classes<CLASSES>, S>,
        _: &Batch<T, N, Const<F>>,
        _: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Classes<CLASSES>>>,
        _: &mut Vec<usize>,
    ) {
        if let Some(dx) = dx {
            dx.fill(T::zero());
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Classes<CLASSES>>>(
        _: &Matrix<T, N, Classes<CLASSES>, S>,
        dy: &Batch<T, N, Const<F>>,
        classes: &Vec<usize>,
        scale: T,
        target: &mut Self,
    ) {
        let weight = target.weight.data.values_mut();
        run_parallel(Scatter { classes, rows: CLASSES, dy: dy.data.values(), scale, weight });
    }

    fn operation(&self) -> Option<Operation> {
        Some(Operator::new("Gather", [Operand::Parameter("weight"), Operand::Input]).into())
    }
}

/// Copies the rows of the samples' classes, feature by feature.
struct Gather<'a, T> {
    classes: &'a [usize],
    /// The number of rows of the weight.
    rows: usize,
    weight: &'a [T],
    y: &'a mut [T],
}

impl<T: Scalar> Loop for Gather<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let columns = self.y.chunks_exact_mut(self.classes.len().max(1));
        for (y, weight) in columns.zip(self.weight.chunks_exact(self.rows)) {
            y.iter_mut().zip(self.classes).for_each(|(y, &class)| *y = weight[class]);
        }
    }
}

impl<T: Scalar> Splittable for Gather<'_, T> {
    fn len(&self) -> usize {
        self.weight.len() / self.rows
    }

    fn numbers(&self) -> usize {
        self.classes.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { classes, rows, weight, y } = self;
        let ((weight, weight_high), (y, y_high)) = (weight.split_at(at * rows), y.split_at_mut(at * classes.len()));
        (Self { classes, rows, weight, y }, Self { classes, rows, weight: weight_high, y: y_high })
    }
}

/// Adds `scale` times each sample's derivatives to the row of its class, feature by feature, in the order of samples.
struct Scatter<'a, T> {
    classes: &'a [usize],
    /// The number of rows of the weight.
    rows: usize,
    dy: &'a [T],
    scale: T,
    weight: &'a mut [T],
}

impl<T: Scalar> Loop for Scatter<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let columns = self.dy.chunks_exact(self.classes.len().max(1));
        for (dy, weight) in columns.zip(self.weight.chunks_exact_mut(self.rows)) {
            dy.iter().zip(self.classes).for_each(|(&dy, &class)| weight[class] += self.scale * dy);
        }
    }
}

impl<T: Scalar> Splittable for Scatter<'_, T> {
    fn len(&self) -> usize {
        self.weight.len() / self.rows
    }

    fn numbers(&self) -> usize {
        self.classes.len()
    }

    fn split_at(self, at: usize) -> (Self, Self) {
        let Self { classes, rows, dy, scale, weight } = self;
        let ((dy, dy_high), (weight, weight_high)) = (dy.split_at(at * classes.len()), weight.split_at_mut(at * rows));
        (Self { classes, rows, dy, scale, weight }, Self { classes, rows, dy: dy_high, scale, weight: weight_high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::{He, Normal};
    use crate::labels::Labels;
    use crate::layers::AffineWithoutBias;
    use crate::layers::layer_tape::LayerTape;
    use crate::matrix::Samples;
    use nalgebra::Dyn;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    /// Compares output and gradient with a product of one-hot rows, whose gradients are checked against differences.
    fn check<const C: usize, const F: usize>(samples: usize) {
        let mut rng = StdRng::seed_from_u64(1);
        let classes: Vec<usize> = (0..samples).map(|_| rng.random_range(0..C)).collect();
        let labels = Labels::<Dyn, Const<C>>::try_from(classes).unwrap();
        let (x, rows) = (Samples::<f64, _, _>::try_from(&labels).unwrap(), labels.one_hot());
        let mut embedding = Embedding::<C, F, f64>::default();
        embedding.initialize(&Normal { std: 1.0 }, &mut rng);
        let affine = AffineWithoutBias::<C, F, f64> { weight: embedding.weight.clone() };

        let (mut tape, mut product) = (LayerTape::<_, _, _, Embedding<C, F, f64>>::new(Dyn(1)), LayerTape::new(Dyn(1)));
        tape.forward(&embedding, &x, Mode::Infer);
        product.forward(&affine, &rows, Mode::Infer);
        assert_eq!(tape.y, product.y);

        tape.dy.apply(|dy| *dy = rng.random_range(-1.0..1.0));
        product.dy.copy_from(&tape.dy);
        let mut dx = Batch::zeros(Dyn(samples), Classes);
        dx.fill(f64::NAN);
        tape.backward(&embedding, &x, Some(&mut dx));
        assert!(dx.iter().all(|&dx| dx == 0.0));
        let (mut gradient, mut wanted) = (Embedding::<C, F, f64>::default(), AffineWithoutBias::default());
        for scale in [0.25, 0.75] {
            tape.add_gradient(&x, scale, &mut gradient);
            product.add_gradient(&rows, scale, &mut wanted);
        }
        let differences = gradient.weight.iter().zip(&wanted.weight).map(|(found, wanted)| (found - wanted).abs());
        assert!(differences.fold(0.0, f64::max) <= 1e-13 * (1.0 + samples as f64));

        let mut single = [f64::NAN; F];
        for (sample, x) in x.iter().enumerate() {
            embedding.infer_into(&[*x], &mut single, &mut []);
            assert!(tape.y.row(sample).iter().eq(&single));
        }
    }

    #[test]
    fn agrees_with_a_product_of_one_hot_rows() {
        check::<1, 1>(3);
        check::<5, 3>(0);
        check::<5, 3>(1);
        check::<3, 4>(40);
        check::<70, 13>(17);
    }

    #[test]
    fn parts_compute_the_same_as_the_whole() {
        let (classes, weight) = ([2, 0, 2, 1], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        let dy: [f32; 12] = std::array::from_fn(|place| place as f32);
        for at in 0..=3 {
            let mut y = [0.0; 12];
            let (low, high) = Gather { classes: &classes, rows: 3, weight: &weight, y: &mut y }.split_at(at);
            assert_eq!((low.len(), high.len()), (at, 3 - at));
            low.run();
            high.run();
            assert_eq!(y, [3.0, 1.0, 3.0, 2.0, 6.0, 4.0, 6.0, 5.0, 9.0, 7.0, 9.0, 8.0]);
            let mut sums = [0.0; 9];
            let whole = Scatter { classes: &classes, rows: 3, dy: &dy, scale: 2.0, weight: &mut sums };
            let (low, high) = whole.split_at(at);
            assert_eq!((low.len(), high.len()), (at, 3 - at));
            low.run();
            high.run();
            assert_eq!(sums, [2.0, 6.0, 4.0, 10.0, 14.0, 20.0, 18.0, 22.0, 36.0]);
        }
    }

    #[test]
    fn the_fan_in_is_one() {
        let mut embedding = Embedding::<1000, 20, f64>::default();
        embedding.initialize(&He, &mut StdRng::seed_from_u64(1));
        let variance = embedding.weight.iter().map(|weight| weight * weight).sum::<f64>() / 20_000.0;
        assert!((variance - 2.0).abs() <= 0.08, "{variance}");
    }
}
