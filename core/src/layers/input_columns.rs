use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Dyn, Matrix};

use crate::kernels::product::copy_columns;
use crate::layers::layer::Cache;
use crate::matrix::{Batch, contiguous};
use crate::scalar::Scalar;

/// The cache of a layer whose loops read contiguous columns: a copy of an input that is not column-major.
#[derive(Clone, Debug)]
pub struct InputColumns<T: Scalar>(Batch<T, Dyn, Dyn>);

impl<T: Scalar, N: Dim> Cache<N> for InputColumns<T> {
    fn new(_: N) -> Self {
        Self::empty()
    }
}

impl<T: Scalar> InputColumns<T> {
    pub(super) fn empty() -> Self {
        Self(Batch::zeros(Dyn(0), Dyn(0)))
    }

    /// The values of the input, column by column: its own, or a copy.
    pub(super) fn store<'a, N: Dim, F: DimName, S: RawStorage<T, N, F>>(
        &'a mut self,
        x: &'a Matrix<T, N, F, S>,
    ) -> &'a [T] {
        if let Some(x) = contiguous(x) {
            return x;
        }
        if self.0.shape() != x.shape() {
            self.0 = Batch::zeros(Dyn(x.nrows()), Dyn(F::DIM));
        }
        copy_columns(x, self.0.data.values_mut());
        self.0.data.values()
    }

    /// The same values after [`store`](Self::store).
    pub(super) fn stored<'a, N: Dim, F: DimName, S: RawStorage<T, N, F>>(
        &'a self,
        x: &'a Matrix<T, N, F, S>,
    ) -> &'a [T] {
        contiguous(x).unwrap_or_else(|| self.0.data.values())
    }
}
