//! The built-in activations that are derived, written by hand.
#![allow(clippy::inline_always)] // loops are vectorised only where everything in them is inlined

use typenet::__private::{Elementwise, elementwise_layer};
use typenet::Scalar;

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

/// `x · s` with the sigmoid `s`; the derivative is `s (1 + x (1 - s))`.
#[derive(Clone, Copy)]
pub struct SiluByHand;

impl Elementwise for SiluByHand {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        x / (T::one() + (-x).quick_exp())
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let s = T::one() / (T::one() + (-x).quick_exp());
        s * (T::one() + x * (T::one() - s))
    }
}

elementwise_layer!(SiluByHand);

/// `x (1 + t) / 2` with `t = tanh(u)` and `u = c (x + 0.044715 x³)`; the derivative is `(1 + t + x (1 - t²) u') / 2`.
#[derive(Clone, Copy)]
pub struct GeluByHand;

impl GeluByHand {
    const C: f64 = 0.797_884_560_802_865_4;

    #[inline(always)]
    fn tanh<T: Scalar>(x: T) -> T {
        typenet::__private::operations::quick_tanh(T::of(Self::C) * x * (T::one() + T::of(0.044_715) * x * x))
    }
}

impl Elementwise for GeluByHand {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        T::of(0.5) * x * (T::one() + Self::tanh(x))
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let t = Self::tanh(x);
        let du = T::of(Self::C) * (T::one() + T::of(3.0 * 0.044_715) * x * x);
        T::of(0.5) * (T::one() + t + x * (T::one() - t * t) * du)
    }
}

elementwise_layer!(GeluByHand);
