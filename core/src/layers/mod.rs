//! The built-in layers, one a file.

mod affine;
mod relu;
mod sigmoid;
mod tanh;

pub use affine::Affine;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use tanh::Tanh;

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, Matrix};

use crate::{Batch, Scalar};

/// `y = f(x)`, element by element.
fn each<T, N, F, S>(x: &Matrix<T, N, F, S>, y: &mut Batch<T, N, F>, f: impl Fn(T) -> T)
where
    T: Scalar,
    N: Dim,
    F: Dim,
    S: RawStorage<T, N, F>,
{
    y.zip_apply(x, |y, x| *y = f(x));
}

/// `dx = dy · f'`, element by element, with the derivative `f'` in terms of the output `y`.
fn each_backward<T, N, F>(y: &Batch<T, N, F>, dy: &Batch<T, N, F>, dx: &mut Batch<T, N, F>, derivative: impl Fn(T) -> T)
where
    T: Scalar,
    N: Dim,
    F: Dim,
{
    dx.zip_zip_apply(y, dy, |dx, y, dy| *dx = dy * derivative(y));
}
