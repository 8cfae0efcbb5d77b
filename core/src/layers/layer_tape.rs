//! The output, gradient and cache of one layer.

use std::fmt::{self, Debug, Formatter};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

use crate::layers::activations::Activations;
use crate::layers::layer::{Cache, Layer};
use crate::layers::mode::Mode;
use crate::matrix::{Batch, rows_of};
use crate::parameters::Path;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The output of a layer, the derivative of the loss by it, and the layer's cache, for a batch of `N` samples.
///
/// The cache of a layer that is made of layers has one for each of them. It takes on the size of the batch, and allocates
/// where that differs from the last one's.
#[derive(Clone)]
pub struct LayerTape<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> {
    /// The layer's output.
    pub y: Batch<T, N, L::Out>,
    /// The derivative of the loss by that output.
    pub dy: Batch<T, N, L::Out>,
    pub(crate) cache: L::Cache<N>,
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> LayerTape<T, N, In, L> {
    /// A tape for batches of that many samples.
    pub fn new(samples: N) -> Self {
        let y = Batch::zeros(samples, L::Out::name());
        Self { dy: y.clone(), y, cache: L::Cache::new(samples) }
    }

    /// Runs the layer forward.
    #[inline]
    pub fn forward<S: RawStorage<T, N, In>>(&mut self, layer: &L, x: &Matrix<T, N, In, S>, mode: Mode) {
        if self.y.nrows() != x.nrows() {
            *self = Self::new(rows_of(x));
        }
        layer.forward(x, &mut self.y, &mut self.cache, mode);
    }

    /// Runs the layer backward, into `dx` where that is needed.
    #[inline]
    pub fn backward<S: RawStorage<T, N, In>>(
        &mut self,
        layer: &L,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
    ) {
        layer.backward(x, &self.y, &self.dy, dx, &mut self.cache);
    }

    /// Adds the layer's gradient, times `scale`, to `target`.
    #[inline]
    pub fn add_gradient<S: RawStorage<T, N, In>>(&self, x: &Matrix<T, N, In, S>, scale: T, target: &mut L) {
        L::add_gradient(x, &self.dy, &self.cache, scale, target);
    }

    /// Adds the statistics of the batch, times `weight`, to the buffers of `target`.
    #[inline]
    pub fn add_statistics(&self, weight: T, target: &mut L) {
        L::add_statistics::<N>(&self.cache, weight, target);
    }

    #[doc(hidden)] // `network!` writes calls of it
    pub fn list_activations<'a>(&'a self, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        L::list_activations::<N>(&self.cache, at, list);
        list.push(Activations { layer: at.to_string(), y: self.y.data.values(), dy: self.dy.data.values() });
    }
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> Cache<N> for LayerTape<T, N, In, L> {
    fn new(samples: N) -> Self {
        Self::new(samples)
    }
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> Debug for LayerTape<T, N, In, L> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerTape").field("y", &self.y.shape()).finish_non_exhaustive()
    }
}
