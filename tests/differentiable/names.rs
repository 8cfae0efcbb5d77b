//! Consts and unusual names.

use typenet::prelude::*;

const SLOPE: f64 = 3.0;
static OFFSET: f64 = 0.5;

trait Number {
    const THIRD: f64;
}

impl Number for f64 {
    const THIRD: f64 = 1.0 / 3.0;
}

trait Degree {
    const DEGREE: i32;
}

impl Degree for f64 {
    const DEGREE: i32 = 2;
}

const _HALF: f64 = 0.5;

#[differentiable]
#[allow(clippy::unreadable_literal)]
const fn suffixes(x: f64) -> f64 {
    #![allow(clippy::let_and_return)]
    let y = x * 2f64 * 3_f64 * _HALF * <f64 as Number>::THIRD;
    y
}

#[differentiable]
const fn line(x: f64) -> f64 {
    SLOPE * x + OFFSET + (std::f64::consts::PI - f64::EPSILON)
}

#[differentiable]
#[allow(redundant_semicolons, clippy::cast_lossless)]
fn power<T: Scalar + Degree>(x: T) -> T {
    let y = x.powi(T::DEGREE) * T::of(-SLOPE);
    y * x.powi(T::DEGREE + 1) * T::of(f32::MAX_EXP as f64)
}

#[test]
fn consts_are_resolved_in_scope() {
    const SLOPE: f64 = 7.0;
    #[differentiable]
    fn inside(x: f64) -> f64 {
        x * SLOPE
    }

    assert_eq!((suffixes(2.0), suffixes::forward(2.0).backward(1.0).x), (2.0, 1.0));
    assert_eq!(line(2.0), 6.5 + std::f64::consts::PI);
    assert_eq!(line::forward(2.0).backward(1.0).x, 3.0);
    assert_eq!(power(2.0), -3.0 * 32.0 * 128.0);
    assert_eq!(power::forward(2.0).backward(1.0).x, -3.0 * 5.0 * 16.0 * 128.0);
    assert_eq!((inside(2.0), inside::forward(2.0).backward(1.0).x), (14.0, 7.0));
}

#[differentiable]
fn r#type<T>(value: T, r#fn: T, v0: T, dout: T, gradients: T) -> T
where
    T: Scalar,
{
    value * r#fn - v0 / dout + gradients
}

#[test]
fn unusual_names_work() {
    let gradient = r#type::forward(1.0, 2.0, 3.0, 4.0, 5.0).backward(1.0);
    assert_eq!(gradient, TypeGradient { value: 2.0, r#fn: 1.0, v0: -0.25, dout: 3.0 / 16.0, gradients: 1.0 });
}
