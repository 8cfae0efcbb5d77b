//! The built-in layers.

pub use typenet_core::layers::{
    AdaptiveAveragePool2d, Affine, AffineWithoutBias, AveragePool1d, AveragePool2d, BatchNorm, Branches, Concat,
    Conv1d, Conv2d, ConvTranspose2d, DepthwiseConv2d, Dropout, Dropout2d, Elu, Embedding, EqualBranches, Flatten, Gelu,
    GeluExact, GlobalAveragePool, Identity, JoinedBranches, LayerNorm, LeakyRelu, MaxPool1d, MaxPool2d, PRelu, Relu,
    Residual, RmsNorm, Silu, Softplus, Sum, Upsample2d,
};
#[cfg(feature = "alloc")]
pub use typenet_core::layers::{
    BatchNormCache, BranchCache, InputColumns, LayerBranches, MaxPool2dCache, ResidualCache, RowNormCache,
};

use typenet_core::Scalar;
use typenet_macros::{activation, differentiable};

/// Maps any number to the range 0 to 1: `y = 1 / (1 + exp(-x))`; backward `dx = dy · y · (1 - y)`.
#[activation(crate = crate)]
pub fn sigmoid<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

/// Maps any number to the range -1 to 1: `y = tanh(x)`; backward `dx = dy · (1 - y²)`.
#[activation(crate = crate)]
pub fn tanh<T: Scalar>(x: T) -> T {
    x.tanh()
}

/// `√(2/π)`.
const SLOPE: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;

/// The differentiable function of the layer [`Gelu`].
///
/// Unlike the layer, it does not return the limits if `x` or `x³` is infinite.
#[differentiable(crate = crate)]
pub fn gelu<T: Scalar>(x: T) -> T {
    let inner = T::of(SLOPE) * (x + T::of(0.044_715) * x.powi(3));
    T::of(0.5) * x * (T::one() + inner.tanh())
}

/// The differentiable function of the layer [`Silu`].
///
/// Unlike the layer, it does not return the limits at infinity.
#[differentiable(crate = crate)]
pub fn silu<T: Scalar>(x: T) -> T {
    let sigmoid = T::one() / (T::one() + (-x).exp());
    x * sigmoid
}
