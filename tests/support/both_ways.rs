//! The counterparts of the built-in activations: handwritten ones for the derived, and derived ones for the handwritten.
#![allow(clippy::inline_always)] // loops are vectorized only if all calls in them are inlined

use typenet::__private::{Elementwise, elementwise_layer};
use typenet::{Scalar, activation};

/// `y = 1 / (1 + exp(-x))`; the derivative is `y (1 - y)`.
#[derive(Clone, Copy)]
pub struct SigmoidByHand;

impl Elementwise for SigmoidByHand {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        T::one() / (T::one() + (-x).quick_exp())
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        y * (T::one() - y)
    }
}

elementwise_layer!(SigmoidByHand);

/// `y = tanh(x)`; the derivative is `1 - y²`.
#[derive(Clone, Copy)]
pub struct TanhByHand;

impl Elementwise for TanhByHand {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        typenet::__private::operations::quick_tanh(x)
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, _: T, y: T) -> T {
        T::one() - y * y
    }
}

elementwise_layer!(TanhByHand);

#[activation]
pub fn derived_relu<T: Scalar>(x: T) -> T {
    x.max(T::zero())
}

#[activation]
pub fn derived_leaky_relu<T: Scalar>(x: T, slope: T) -> T {
    x.max(T::zero()) + slope * x.min(T::zero())
}

#[activation]
pub fn derived_elu<T: Scalar>(x: T, alpha: T) -> T {
    x.max(T::zero()) + alpha * x.min(T::zero()).exp_m1()
}

#[activation]
pub fn derived_softplus<T: Scalar>(x: T) -> T {
    x.max(T::zero()) + (-x.abs()).exp().ln_1p()
}

#[activation]
pub fn derived_gelu<T: Scalar>(x: T) -> T {
    let inner = T::of(0.797_884_560_802_865_4) * (x + T::of(0.044_715) * x.powi(3));
    T::of(0.5) * x * (T::one() + inner.tanh())
}

#[activation]
pub fn derived_silu<T: Scalar>(x: T) -> T {
    let sigmoid = T::one() / (T::one() + (-x).exp());
    x * sigmoid
}
