//! The built-in layers.

pub use typenet_core::layers::{Affine, Elu, LeakyRelu, Relu, Softplus};

use crate::{Scalar, activation};

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

/// Weighs a number with the probability that a normal one is below it, by the approximation with `tanh`, as PyTorch's
/// `GELU(approximate="tanh")`; here `√(2/π)` is `SLOPE`. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
#[activation(crate = crate)]
pub fn gelu<T: Scalar>(x: T) -> T {
    let inner = T::of(SLOPE) * (x + T::of(0.044_715) * x.powi(3));
    T::of(0.5) * x * (T::one() + inner.tanh())
}

/// Weighs a number with its sigmoid; also known as Swish. Source: Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units
/// for Neural Network Function Approximation in Reinforcement Learning" (2018).
#[activation(crate = crate)]
pub fn silu<T: Scalar>(x: T) -> T {
    let sigmoid = T::one() / (T::one() + (-x).exp());
    x * sigmoid
}
