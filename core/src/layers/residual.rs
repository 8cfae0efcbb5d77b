#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};
use std::ops::{Deref, DerefMut};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};
use rand::Rng;

#[cfg(feature = "alloc")]
use crate::graph::Inside;
use crate::initializer::Initializer;
#[cfg(feature = "alloc")]
use crate::layers::activations::Activations;
#[cfg(feature = "alloc")]
use crate::layers::adding::{add, add_slice};
use crate::layers::block::Block;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::{Cache, Layer};
#[cfg(feature = "alloc")]
use crate::layers::layer_info::LayerInfo;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Path;
use crate::parameters::{Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Adds its input to the output of an inner layer, which keeps the shape.
///
/// ```text
/// forward    y  = f(x) + x          f: the inner layer
/// backward   dx = f'(x)ᵀ·dy + dy
/// ```
///
/// In `network!` it is `Residual[Affine<64, 64> -> Relu -> Affine<64, 64>]`. The inner layer is then a block, and its
/// layers are fields: `net.residual1.affine1`, since a `Residual` of a block dereferences to the block. Parameters have
/// the same names, such as `residual1.affine1.weight`.
///
/// By hand it is a type, and the compiler checks that the inner layer keeps the shape:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Infer;
/// use typenet::layers::{Affine, Residual};
///
/// let layer: Residual<Affine<2, 2>> = Residual::new(Affine::default());
/// let mut y = [0.0; 2];
/// layer.infer_into(&[1.0, 2.0], &mut y, &mut []);
/// assert_eq!(y, [1.0, 2.0]);
/// ```
///
/// Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for the `F` of the inner layer.
#[doc(alias("skip", "shortcut", "ResNet"))]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Residual<L> {
    /// The inner layer.
    pub inside: L,
}

impl<L> Residual<L> {
    /// Adds the input to the output of that layer.
    pub const fn new(inside: L) -> Self {
        Self { inside }
    }
}

impl<L: Block> Deref for Residual<L> {
    type Target = L;

    fn deref(&self) -> &L {
        &self.inside
    }
}

impl<L: Block> DerefMut for Residual<L> {
    fn deref_mut(&mut self) -> &mut L {
        &mut self.inside
    }
}

impl<T: Scalar, L: Embed<T>> Embed<T> for Residual<L> {
    const PARTS: &'static [Declared] = L::PARTS;
}

impl<T: Scalar, L: EmbedAt<T, Q>, Q: Place> EmbedAt<T, Q> for Residual<L> {
    const EMBEDDED: Self = Self::new(L::EMBEDDED);
}

impl<T: Scalar, L: Parameters<T>> Parameters<T> for Residual<L> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        self.inside.part(index)
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        self.inside.part_mut(index)
    }

    fn min_samples(&self) -> usize {
        self.inside.min_samples()
    }

    fn initialize(&mut self, initializer: &dyn Initializer, rng: &mut dyn Rng) {
        self.inside.initialize(initializer, rng);
    }
}

impl<T: Scalar, In: Shape, L: Infer<T, In, Out = In>> Infer<T, In> for Residual<L> {
    type Out = In;
    const SCRATCH: usize = L::SCRATCH;
    const MULTIPLY_ADDS: usize = L::MULTIPLY_ADDS;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        self.inside.infer_into(x, y, scratch);
        y.iter_mut().zip(x).for_each(|(y, &x)| *y += x);
    }
}

/// The output of the inner layer, which its backward may need, and its cache.
#[derive(Debug)]
pub struct ResidualCache<T: Scalar, N: Dim, F: Shape, C> {
    y: Batch<T, N, F>,
    inside: C,
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, F: Shape, C: Cache<N>> Cache<N> for ResidualCache<T, N, F, C> {
    fn new(samples: N) -> Self {
        Self { y: Batch::zeros(samples, F::name()), inside: C::new(samples) }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, In: Shape, L: Layer<T, In, Out = In>> Layer<T, In> for Residual<L> {
    type Cache<N: Dim> = ResidualCache<T, N, In, L::Cache<N>>;

    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, In>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        self.inside.forward(x, &mut cache.y, &mut cache.inside, mode.inside(0));
        y.data.values_mut().copy_from_slice(cache.y.data.values());
        add(y, x);
    }

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        _: &Batch<T, N, In>,
        dy: &Batch<T, N, In>,
        mut dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    ) {
        self.inside.backward(x, &cache.y, dy, dx.as_deref_mut(), &mut cache.inside);
        if let Some(dx) = dx {
            add_slice(dx.data.values_mut(), dy.data.values());
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        dy: &Batch<T, N, In>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        L::add_gradient(x, dy, &cache.inside, scale, &mut target.inside);
    }

    fn add_statistics<N: Dim>(cache: &Self::Cache<N>, weight: T, target: &mut Self) {
        L::add_statistics::<N>(&cache.inside, weight, &mut target.inside);
    }

    fn list_activations<'a, N: Dim>(cache: &'a Self::Cache<N>, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        L::list_activations::<N>(&cache.inside, at, list);
    }

    fn inside(&self) -> Option<Inside<LayerInfo<'_, T>>> {
        Some(Inside::Sum(vec![LayerInfo::branch::<In, L>(&self.inside), Vec::new()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Xavier;
    use crate::layers::layer::tests::check_gradients;
    use crate::layers::{Affine, Elu, Relu, RmsNorm};
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        let mut affine = Residual::new(Residual::new(Affine::<5, 5, f64>::default()));
        affine.initialize(&Xavier, &mut StdRng::seed_from_u64(1));
        check_gradients::<Const<5>, _>(&affine, &Residual::default());
        check_gradients::<Const<3>, _>(&Residual::new(Relu), &Residual::new(Relu));
        // The inner layer's backward needs its own output, without the input.
        check_gradients::<Const<3>, _>(&Residual::new(Elu::new(0.7)), &Residual::new(Elu::new(0.7)));
        let zeros = RmsNorm { scale: Batch::zeros(Const, Const), epsilon: 0.01 };
        check_gradients::<Const<4>, _>(
            &Residual::new(RmsNorm::<4, f64>::default().epsilon(0.01)),
            &Residual::new(zeros),
        );
    }
}
