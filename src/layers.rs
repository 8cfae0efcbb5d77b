//! The built-in layers.

pub use typenet_core::layers::{Affine, Elu, Gelu, Keep, LeakyRelu, Owned, Relu, Silu, Softplus};

use typenet_core::Scalar;
use typenet_macros::{activation, differentiable};

/// Squeezes numbers between 0 and 1.
#[activation(crate = crate)]
pub fn sigmoid<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

/// Squeezes numbers between -1 and 1.
#[activation(crate = crate)]
pub fn tanh<T: Scalar>(x: T) -> T {
    x.tanh()
}

/// `√(2/π)`.
const SLOPE: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2;

/// The function of the layer [`Gelu`]. Where `x³` or `x` itself is infinite, it has what its formula gives, not the limits.
#[differentiable(crate = crate)]
pub fn gelu<T: Scalar>(x: T) -> T {
    let inner = T::of(SLOPE) * (x + T::of(0.044_715) * x.powi(3));
    T::of(0.5) * x * (T::one() + inner.tanh())
}

/// The function of the layer [`Silu`]. At infinity it has what its formula gives, not the limits.
#[differentiable(crate = crate)]
pub fn silu<T: Scalar>(x: T) -> T {
    let sigmoid = T::one() / (T::one() + (-x).exp());
    x * sigmoid
}
