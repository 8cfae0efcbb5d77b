//! Kinks, poles, overflow and underflow.

use typenet::prelude::*;

use super::sigmoid;

#[differentiable]
fn kinks<T: Scalar>(x: T, y: T) -> T {
    x.max(y) + T::of(2.0) * y.min(x) + T::of(10.0) * x.max(T::zero()) + T::of(100.0) * T::zero().min(y) + x.abs()
}

#[test]
fn kinks_have_the_documented_derivatives() {
    let at = |x: f64, y: f64| kinks::forward(x, y).backward(1.0).to_array();
    assert_eq!(at(0.0, 0.0), [0.5 + 1.0, 0.5 + 1.0]);
    assert_eq!(at(1.0, 2.0), [2.0 + 10.0 + 1.0, 1.0]);
    assert_eq!(at(-1.0, -2.0), [1.0 - 1.0, 2.0 + 100.0]);
}

#[test]
fn max_and_min_give_a_nan_operand_no_gradient() {
    #[differentiable]
    fn ends(x: f64, y: f64) -> f64 {
        x.max(y) + 2.0 * x.min(y)
    }
    #[differentiable]
    fn of_constants<T: Scalar>(x: T) -> T {
        x.max(T::of(f64::NAN)) + x.min(T::of(f64::NAN)) + x.max(T::zero())
    }
    assert_eq!(of_constants::forward(2.0).backward(1.0).x, 3.0);
    for (x, y, gradient) in [(f64::NAN, 1.0, [0.0, 3.0]), (1.0, f64::NAN, [3.0, 0.0])] {
        let call = ends::forward(x, y);
        assert_eq!((call.value(), call.backward(1.0).to_array()), (3.0, gradient));
    }
}

/// The gradient of `ln` at 0 is infinite, but the kink of `abs` passes 0, not their product.
#[test]
fn the_kink_of_abs_passes_no_gradient() {
    #[differentiable]
    fn logarithm(x: f64) -> f64 {
        x.abs().ln()
    }
    assert_eq!([0.0, -0.0].map(|x| logarithm::forward(x).backward(1.0).x), [0.0, 0.0]);
    assert_eq!([2.0, -2.0].map(|x| logarithm::forward(x).backward(3.0).x), [1.5, -1.5]);
}

#[differentiable]
fn powers(x: f64, p: f64) -> f64 {
    x.powf(p) + x.powf(2.0) + x.powi(-1) * 0.0 + 2.0_f64.powf(p)
}

#[test]
fn powers_have_finite_derivatives_at_zero() {
    #[differentiable]
    fn power(x: f64, p: f64) -> f64 {
        x.powf(p)
    }
    assert_eq!(power::forward(0.0, 2.0).backward(1.0).to_array(), [0.0, 0.0]);
    let gradient = powers::forward(3.0, 2.0).backward(1.0);
    assert_eq!((gradient.x, gradient.p), (12.0, 9.0 * 3.0_f64.ln() + 4.0 * 2.0_f64.ln()));
}

/// The exponential is infinite far from 0, but a gradient of 0 stays 0, not their product.
#[test]
fn flat_functions_have_derivative_zero() {
    assert_eq!(sigmoid::forward(-1000.0_f32).backward(1.0).x, 0.0);
    assert_eq!(sigmoid::forward(-1000.0_f64).backward(1.0).x, 0.0);
}

/// A branch not taken passes no gradient, even past an infinite slope.
#[test]
fn branches_not_taken_have_derivative_zero() {
    #[differentiable]
    fn length<T: Scalar>(x: T, y: T) -> T {
        (x * x + y * y).sqrt().max(T::of(1e-6))
    }
    #[differentiable]
    fn logarithm<T: Scalar>(x: T) -> T {
        x.ln().max(T::of(-5.0))
    }
    #[differentiable]
    fn hyperbola<T: Scalar>(x: T) -> T {
        (x.recip() * T::of(2.0)).min(T::of(5.0)) + (T::one() / x).min(T::of(5.0))
    }
    #[differentiable]
    fn nested<T: Scalar>(x: T) -> T {
        let root = -(-x.powf(T::of(0.5))).min(-T::one());
        (root * T::of(2.0)).exp().max(T::zero()) * T::of(3.0)
    }
    #[differentiable]
    fn distance<T: Scalar>(x: T) -> T {
        (x - T::one()).sqrt().abs() * T::of(3.0)
    }
    #[differentiable]
    fn called<T: Scalar>(x: T) -> T {
        T::of(2.0) * distance(x + T::one()).max(T::one())
    }
    #[differentiable]
    fn grown<T: Scalar>(x: T) -> T {
        (x * x.exp()).min(T::of(5.0))
    }
    #[differentiable]
    fn of_no_number<T: Scalar>(x: T) -> T {
        let root = x.powf(T::of(0.5));
        x.ln().abs().min(x) + x.sqrt().abs().max(T::one()) + root.max(root).min(T::zero())
    }
    #[differentiable]
    fn used_twice<T: Scalar>(x: T) -> T {
        let root = x.sqrt();
        root.max(T::one()) + root.min(-T::one()) - (T::of(2.0) * root).max(T::one()) * T::of(3.0)
    }
    #[differentiable]
    fn used_twice_behind_one<T: Scalar>(x: T) -> T {
        let root = x.sqrt();
        (root + root.sin() - root * root / (T::one() + root)).max(T::of(10.0))
    }
    assert_eq!(used_twice_behind_one::forward(0.0).backward(1.0).x, 0.0);
    assert_eq!([0.0, 4.0].map(|x| used_twice::forward(x).backward(1.0).x), [0.0, -1.25]);
    assert_eq!(of_no_number::forward(-1.0).backward(1.0).x, 1.0);
    assert_eq!(length::forward(0.0, 0.0).backward(1.0).to_array(), [0.0, 0.0]);
    assert_eq!(length::forward(0.0, 2.0).backward(1.0).to_array(), [0.0, 1.0]);
    assert_eq!([0.0, -4.0, 4.0].map(|x| logarithm::forward(x).backward(1.0).x), [0.0, 0.0, 0.25]);
    assert_eq!([0.0, 4.0].map(|x| hyperbola::forward(x).backward(1.0).x), [0.0, -3.0 / 16.0]);
    assert_eq!([0.0, 4.0].map(|x| nested::forward(x).backward(1.0).x), [0.0, 1.5 * 4.0_f64.exp()]);
    assert_eq!([1.0, 2.0].map(|x| distance::forward(x).backward(1.0).x), [0.0, 1.5]);
    assert_eq!([0.0, 4.0].map(|x| called::forward(x).backward(1.0).x), [0.0, 1.5]);
    assert_eq!([1000.0, 0.0].map(|x| grown::forward(x).backward(1.0).x), [0.0, 1.0]);
}

/// The square of a small reciprocal underflows before its factor is large.
#[test]
fn reciprocals_have_derivatives_if_their_squares_underflow() {
    #[differentiable]
    fn fourth<T: Scalar>(x: T) -> T {
        (T::one() / (T::one() + x.powi(6))).ln()
    }
    #[differentiable]
    fn thrice<T: Scalar>(x: T) -> T {
        (T::of(3.0) * x.exp()).recip().ln()
    }
    #[differentiable]
    fn squared<T: Scalar>(x: T) -> T {
        (T::one() / (T::one() + x.exp().powi(2))).ln()
    }
    #[differentiable]
    fn root<T: Scalar>(x: T) -> T {
        (T::one() / (x * x)).sqrt()
    }
    let found = [
        fourth::forward(5000.0_f32).backward(1.0).x / -1.2e-3,
        fourth::forward(1e6_f32).backward(1.0).x / -6e-6,
        thrice::forward(60.0_f32).backward(1.0).x / -1.0,
        squared::forward(30.0_f32).backward(1.0).x / -2.0,
        root::forward(1e12_f32).backward(1.0).x / -1e-24,
    ];
    assert!(found.iter().all(|ratio| (ratio - 1.0).abs() < 1e-5), "{found:?}");
}

/// The derivative of an overflowed value is unknown, so it is NaN instead of 0, unless the incoming gradient is 0.
#[test]
fn overflowed_values_have_a_nan_derivative() {
    #[differentiable]
    fn soft<T: Scalar>(x: T) -> T {
        (T::one() + x.exp()).ln()
    }
    #[differentiable]
    fn soft_1p<T: Scalar>(x: T) -> T {
        x.exp().ln_1p()
    }
    #[differentiable]
    fn length<T: Scalar>(x: T) -> T {
        (x * x).sqrt()
    }
    #[differentiable]
    fn root<T: Scalar>(x: T) -> T {
        -x.exp().powf(T::of(0.5))
    }
    #[differentiable]
    fn mish<T: Scalar>(x: T) -> T {
        x * soft(x).tanh()
    }
    #[activation]
    fn softer<T: Scalar>(x: T) -> T {
        (T::one() + x.exp()).ln()
    }
    let lost = [
        soft::forward(89.0_f32).backward(1.0).x,
        soft_1p::forward(89.0_f32).backward(1.0).x,
        length::forward(1e20_f32).backward(1.0).x,
        root::forward(89.0_f32).backward(1.0).x,
        typenet::__private::Elementwise::slope(&Softer, 89.0_f32, f32::INFINITY),
    ];
    assert!(lost.iter().all(|derivative| derivative.is_nan()), "{lost:?}");
    assert_eq!([89.0_f32, 1000.0].map(|x| mish::forward(x).backward(1.0).x), [1.0, 1.0]);
    let half =
        [soft::forward(0.0).backward(1.0).x, length::forward(2.0).backward(0.5).x, -root::forward(0.0).backward(1.0).x];
    assert_eq!(half, [0.5; 3]);
}
