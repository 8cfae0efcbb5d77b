//! The output, gradient and cache of one layer.

use alloc::{string::ToString, vec::Vec};
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

/// A layer's output, its derivative and the layer's cache, for a batch of `N` samples.
///
/// The cache of a layer with inner layers has one tape for each of them. A tape adapts to the batch size, and allocates
/// memory when it changes.
#[derive(Clone)]
pub struct LayerTape<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> {
    /// The layer's output.
    pub y: Batch<T, N, L::Out>,
    /// The derivative of the loss with respect to that output.
    pub dy: Batch<T, N, L::Out>,
    pub(crate) cache: L::Cache<N>,
}

impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> LayerTape<T, N, In, L> {
    /// A tape for batches of `samples` samples.
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

    /// Runs the layer backward, and writes `dx` if it is needed.
    #[inline]
    pub fn backward<S: RawStorage<T, N, In>>(
        &mut self,
        layer: &L,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
    ) {
        layer.backward(x, &self.y, &self.dy, dx, &mut self.cache);
    }

    /// Adds `scale` times the layer's gradient to `target`.
    #[inline]
    pub fn add_gradient<S: RawStorage<T, N, In>>(&self, x: &Matrix<T, N, In, S>, scale: T, target: &mut L) {
        L::add_gradient(x, &self.dy, &self.cache, scale, target);
    }

    /// Adds `weight` times the batch's statistics to the buffers of `target`.
    #[inline]
    pub fn add_statistics(&self, weight: T, target: &mut L) {
        L::add_statistics::<N>(&self.cache, weight, target);
    }

    #[doc(hidden)] // `network!` generates calls of it
    pub fn list_activations<'a>(&'a self, at: Path<'_>, list: &mut Vec<Activations<'a, T>>) {
        L::list_activations::<N>(&self.cache, at, list);
        list.push(Activations::new(at.to_string(), &self.y, &self.dy));
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
