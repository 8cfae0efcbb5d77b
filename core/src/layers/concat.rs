#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

#[cfg(feature = "alloc")]
use crate::graph::Inside;
#[cfg(feature = "alloc")]
use crate::layers::activations::Activations;
use crate::layers::branches::JoinedBranches;
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

/// Joins the outputs of several branches, which have the same input: the features of the first branch, then the second.
///
/// ```text
/// forward    y  = [f₁(x), f₂(x), ...]                f₁, f₂: the branches
/// backward   dx = f₁'(x)ᵀ·dy₁ + f₂'(x)ᵀ·dy₂ + ...    dy₁, dy₂: the parts of dy
/// ```
///
/// In `network!` it is `Concat[Affine<64, 8> | Affine<64, 24> -> Tanh]`, with 2 to 8 branches, here with 32 outputs. Each
/// branch is then a block. The branches are numbered from 0 and their layers are fields: `net.concat1.0.affine1`, since a
/// `Concat` dereferences to the tuple of its branches. Parameters have the same names, such as
/// `concat1.0.affine1.weight`. The branch [`Identity`](super::Identity) is the input itself.
///
/// By hand it is a type that names the output's shape. The compiler checks that the branches' outputs fill it:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::Infer;
/// use typenet::layers::{Concat, Identity, Relu};
/// use typenet::nalgebra::Const;
///
/// let layer: Concat<(Relu, Identity), Const<4>> = Concat::new((Relu, Identity));
/// let mut y = [0.0; 4];
/// Infer::<f32, Const<2>>::infer_into(&layer, &[-1.0, 2.0], &mut y, &mut []);
/// assert_eq!(y, [0.0, 2.0, -1.0, 2.0]);
/// ```
///
/// # Shapes
///
/// `x` and `dx` are `N x In`; `y` and `dy` are `N x Out`.
#[doc(alias("cat", "Concatenate"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Concat<B, Out> {
    /// The branches.
    pub branches: B,
    out: PhantomData<fn() -> Out>,
}

impl<B, Out> Concat<B, Out> {
    /// Joins the outputs of the branches, which are a tuple of layers.
    pub const fn new(branches: B) -> Self {
        Self { branches, out: PhantomData }
    }
}

impl<B: Default, Out> Default for Concat<B, Out> {
    fn default() -> Self {
        Self::new(B::default())
    }
}

impl<B, Out> Deref for Concat<B, Out> {
    type Target = B;

    fn deref(&self) -> &B {
        &self.branches
    }
}

impl<B, Out> DerefMut for Concat<B, Out> {
    fn deref_mut(&mut self) -> &mut B {
        &mut self.branches
    }
}

impl<T: Scalar, B: Embed<T>, Out> Embed<T> for Concat<B, Out> {
    const PARTS: &'static [Declared] = B::PARTS;
}

impl<T: Scalar, B: EmbedAt<T, Q>, Out, Q: Place> EmbedAt<T, Q> for Concat<B, Out> {
    const EMBEDDED: Self = Self::new(B::EMBEDDED);
}

impl<T: Scalar, B: Parameters<T>, Out> Parameters<T> for Concat<B, Out> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        self.branches.part(index)
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        self.branches.part_mut(index)
    }
}

/// Checks at compile time that the outputs fill the shape.
const fn check_total(outputs: &[usize], total: usize) {
    let (mut sum, mut at) = (0, 0);
    while at < outputs.len() {
        sum += outputs[at];
        at += 1;
    }
    assert!(sum == total, "the outputs of the branches of `Concat` do not add up to its output");
}

impl<T: Scalar, In: Shape, Out: Shape, B: JoinedBranches<T, In, Out>> Infer<T, In> for Concat<B, Out> {
    type Out = Out;
    const SCRATCH: usize = B::SCRATCH;
    const MULTIPLY_ADDS: usize = B::MULTIPLY_ADDS;

    #[inline]
    fn infer_into(&self, x: &[T], mut y: &mut [T], scratch: &mut [T]) {
        const { check_total(B::OUTPUTS, Out::DIM) }
        for (index, &outputs) in B::OUTPUTS.iter().enumerate() {
            let (part, rest) = y.split_at_mut(outputs);
            self.branches.infer_branch(index, x, part, scratch);
            y = rest;
        }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, In: Shape, Out: Shape, B> Layer<T, In> for Concat<B, Out>
where
    B: JoinedBranches<T, In, Out> + LayerBranches<T, In>,
{
    type Cache<N: Dim> = B::Caches<N>;

    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, Out>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        const { check_total(B::OUTPUTS, Out::DIM) }
        self.branches.forward(x, cache, mode);
        let mut y = y.data.values_mut();
        for index in 0..B::OUTPUTS.len() {
            let output = B::output::<N>(cache, index);
            let (part, rest) = y.split_at_mut(output.len());
            part.copy_from_slice(output);
            y = rest;
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        _: &Batch<T, N, Out>,
        dy: &Batch<T, N, Out>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    ) {
        let mut dy = dy.data.values();
        for index in 0..B::OUTPUTS.len() {
            let derivative = B::derivative::<N>(cache, index);
            let (part, rest) = dy.split_at(derivative.len());
            derivative.copy_from_slice(part);
            dy = rest;
        }
        self.branches.backward(x, dx, cache);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        _: &Batch<T, N, Out>,
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
        Some(Inside::Concat(self.branches.layers()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initializer::Xavier;
    use crate::layers::layer::tests::check_gradients;
    use crate::layers::{Affine, Identity, Relu, Softplus, Sum};
    use nalgebra::Const;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn gradients_agree_with_differences() {
        let mut layer = Concat::<(Affine<5, 3, f64>, Affine<5, 1, f64>), Const<4>>::default();
        layer.initialize(&Xavier, &mut StdRng::seed_from_u64(1));
        check_gradients::<Const<5>, _>(&layer, &Concat::default());
        let layer = Concat::<_, Const<9>>::new((Sum::new((Relu, Softplus)), Identity, Relu));
        check_gradients::<Const<3>, _>(&layer, &layer);
    }
}
