use std::fmt::Debug;

use nalgebra::Dim;

use crate::matrix::Batch;
use crate::scalar::Scalar;

/// The storage of a layer's parameters.
///
/// A layer with [`Owned`] parameters can be trained. [`Infer`](super::Infer) accepts any storage, such as constants in
/// read-only memory:
///
/// ```
/// # use typenet_core as typenet;
/// use typenet::layers::{Affine, Keep};
/// use typenet::nalgebra::Dim;
/// use typenet::{Infer, Scalar};
///
/// /// Parameters that are constants of the program.
/// #[derive(Clone, Debug, PartialEq)]
/// struct Static;
///
/// impl Keep for Static {
///     type Of<T: Scalar, R: Dim, C: Dim> = &'static [T];
/// }
///
/// static LAYER: Affine<2, 3, f32, Static> =
///     Affine { weight: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], bias: &[0.5, 0.5, 0.5] };
///
/// let mut y = [0.0; 3];
/// LAYER.infer_into(&[10.0, 100.0], &mut y, &mut []);
/// assert_eq!(y, [210.5, 430.5, 650.5]);
/// ```
///
/// Every layer with parameters has this storage. A layer of constants with settings is written in full:
///
/// ```
/// # use typenet_core as typenet;
/// # use typenet::layers::{BatchNorm, Keep, LayerNorm, PRelu, RmsNorm};
/// # use typenet::nalgebra::{Const, Dim};
/// # use typenet::{Infer, Scalar};
/// # #[derive(Clone, Debug, PartialEq)]
/// # struct Static;
/// # impl Keep for Static {
/// #     type Of<T: Scalar, R: Dim, C: Dim> = &'static [T];
/// # }
/// static BATCH: BatchNorm<2, f64, Static> = BatchNorm {
///     scale: &[2.0, 1.0],
///     shift: &[0.0, 5.0],
///     mean: &[1.0, 1.0],
///     variance: &[3.0, 8.0],
///     momentum: 0.1,
///     epsilon: 1.0,
/// };
/// static ROW: LayerNorm<2, f64, Static> = LayerNorm { scale: &[2.0, 1.0], shift: &[0.0, 5.0], epsilon: 3.0 };
/// static RMS: RmsNorm<2, f64, Static> = RmsNorm { scale: &[2.0, 1.0], epsilon: 6.5 };
/// static SLOPE: PRelu<2, f64, Static> = PRelu { slope: &[0.25, 0.5] };
///
/// let mut y = [0.0; 2];
/// Infer::<f64, Const<2>>::infer_into(&BATCH, &[5.0, 7.0], &mut y, &mut []); // also a layer for images
/// assert_eq!(y, [4.0, 7.0]);
/// ROW.infer_into(&[2.0, 4.0], &mut y, &mut []);
/// assert_eq!(y, [-1.0, 5.5]);
/// RMS.infer_into(&[3.0, 4.0], &mut y, &mut []);
/// assert!((y[0] - 6.0 / 19.0_f64.sqrt()).abs() < 1e-12);
/// SLOPE.infer_into(&[-1.0, -1.0], &mut y, &mut []);
/// assert_eq!(y, [-0.25, -0.5]);
/// ```
pub trait Keep: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// An `R x C` matrix, column-major.
    type Of<T: Scalar, R: Dim, C: Dim>: AsRef<[T]> + Clone + Debug + PartialEq + Send + Sync;
}

/// Trainable parameters on the heap: the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned;

impl Keep for Owned {
    type Of<T: Scalar, R: Dim, C: Dim> = Batch<T, R, C>;
}
