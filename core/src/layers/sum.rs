#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use std::ops::{Deref, DerefMut};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

#[cfg(feature = "alloc")]
use crate::graph::Inside;
#[cfg(feature = "alloc")]
use crate::layers::activations::Activations;
#[cfg(feature = "alloc")]
use crate::layers::adding::add_slice;
use crate::layers::branches::EqualBranches;
#[cfg(feature = "alloc")]
use crate::layers::branches::LayerBranches;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::Layer;
#[cfg(feature = "alloc")]
use crate::layers::layer_info::LayerInfo;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Path;
use crate::parameters::{Declared, Embed, EmbedAt, Parameters, Part, PartMut, Place};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Adds the outputs of several branches, which have the same input.
///
/// ```text
/// forward    y  = f₁(x) + f₂(x) + ...          f₁, f₂: the branches
/// backward   dx = f₁'(x)ᵀ·dy + f₂'(x)ᵀ·dy + ...
/// ```
///
/// In `network!` it is `Sum[Affine<64, 32> -> Tanh | Affine<64, 32>]`, with 2 to 8 branches. Each branch is then a block.
/// The branches are numbered from 0 and their layers are fields: `net.sum1.0.affine1`, since a `Sum` dereferences to the
/// tuple of its branches. Parameters have the same names, such as `sum1.0.affine1.weight`.
///
/// By hand it is a type, and the compiler checks that all branches output the same shape:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Infer;
/// use typenet::layers::{Identity, Relu, Sum};
///
/// let layer = Sum::new((Relu, Identity));
/// let mut y = [0.0; 2];
/// Infer::<f32, typenet::nalgebra::Const<2>>::infer_into(&layer, &[-1.0, 2.0], &mut y, &mut [0.0; 2]);
/// assert_eq!(y, [-1.0, 4.0]);
/// ```
///
/// # Shapes
///
/// `x` and `dx` are `N x In`; `y` and `dy` have the shape of each branch's output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum<B> {
    /// The branches.
    pub branches: B,
}

impl<B> Sum<B> {
    /// Adds the outputs of the branches, which are a tuple of layers.
    pub const fn new(branches: B) -> Self {
        Self { branches }
    }
}

impl<B> Deref for Sum<B> {
    type Target = B;

    fn deref(&self) -> &B {
        &self.branches
    }
}

impl<B> DerefMut for Sum<B> {
    fn deref_mut(&mut self) -> &mut B {
        &mut self.branches
    }
}

impl<T: Scalar, B: Embed<T>> Embed<T> for Sum<B> {
    const PARTS: &'static [Declared] = B::PARTS;
}

impl<T: Scalar, B: EmbedAt<T, Q>, Q: Place> EmbedAt<T, Q> for Sum<B> {
    const EMBEDDED: Self = Self::new(B::EMBEDDED);
}

impl<T: Scalar, B: Parameters<T>> Parameters<T> for Sum<B> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        self.branches.part(index)
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        self.branches.part_mut(index)
    }
}

impl<T: Scalar, In: Shape, B: EqualBranches<T, In>> Infer<T, In> for Sum<B> {
    type Out = B::Out;
    const SCRATCH: usize = B::Out::DIM + B::SCRATCH;
    const MULTIPLY_ADDS: usize = B::MULTIPLY_ADDS;

    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let (other, scratch) = scratch.split_at_mut(B::Out::DIM);
        self.branches.infer_branch(0, x, y, scratch);
        for index in 1..B::OUTPUTS.len() {
            self.branches.infer_branch(index, x, other, scratch);
            y.iter_mut().zip(&*other).for_each(|(y, &other)| *y += other);
        }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, In: Shape, B: EqualBranches<T, In> + LayerBranches<T, In>> Layer<T, In> for Sum<B> {
    type Cache<N: Dim> = B::Caches<N>;

    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, B::Out>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        self.branches.forward(x, cache, mode);
        let y = y.data.values_mut();
        y.copy_from_slice(B::output::<N>(cache, 0));
        for index in 1..B::OUTPUTS.len() {
            add_slice(y, B::output::<N>(cache, index));
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        _: &Batch<T, N, B::Out>,
        dy: &Batch<T, N, B::Out>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    ) {
        for index in 0..B::OUTPUTS.len() {
            B::derivative::<N>(cache, index).copy_from_slice(dy.data.values());
        }
        self.branches.backward(x, dx, cache);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        _: &Batch<T, N, B::Out>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        B::add_gradient(x, cache, scale, &mut target.branches);
    }

    fn add_statistics<N: Dim>(cache: &Self::Cache<N>, weight: T, target: &mut Self) {
        B::add_statistics::<N>(cache, weight, &mut target.branches);
    }

    fn list_activations<'a, N: Dim>(cache: &'a Self::Cache<N>, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        B::list_activations::<N>(cache, at, list);
    }

    fn inside(&self) -> Option<Inside<LayerInfo<'_, T>>> {
        Some(Inside::Sum(self.branches.layers()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Xavier;
    use crate::layers::layer::tests::check_gradients;
    use crate::layers::{Affine, Identity, Relu, Residual, Softplus};
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        type Dense = Affine<5, 3, f64>;
        let mut layer = Sum::<(Dense, Dense, Dense)>::default();
        layer.initialize(&Xavier, &mut StdRng::seed_from_u64(1));
        check_gradients::<Const<5>, _>(&layer, &Sum::default());
        let layer = Sum::new((Sum::new((Relu, Softplus)), Identity, Residual::new(Relu)));
        check_gradients::<Const<3>, _>(&layer, &layer);
        let layer = Sum::new((Relu, Relu, Relu, Relu, Relu, Relu, Identity, Softplus));
        check_gradients::<Const<2>, _>(&layer, &layer);
    }
}
