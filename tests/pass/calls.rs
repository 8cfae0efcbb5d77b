//! Functions call each other however Rust functions can.

use typenet::prelude::*;

mod parts {
    use typenet::prelude::*;

    #[differentiable]
    pub fn half<T: Scalar>(x: T) -> T {
        x * T::of(0.5)
    }

    #[differentiable]
    pub(super) fn r#box(x: f64) -> f64 {
        x * x
    }

    pub mod smaller {
        use super::*;

        #[differentiable]
        pub fn quarter<T: Scalar>(x: T) -> T {
            half(self::super::half::<T>(x))
        }

        #[activation]
        pub fn gentle<T: Scalar>(x: T) -> T {
            super::half((x).tanh())
        }
    }
}

use parts::half as halve;
use parts::{r#box, smaller};

// Names of a macro and of a crate.

#[differentiable]
fn line<T: Scalar>(x: T) -> T {
    (halve)(x)
}

// Names that differ in their underscores only, and one that is a number but for it.

#[differentiable]
fn raw(r#x: f64) -> f64 {
    let r#y = r#half_12(x) * r#x;
    y
}

#[differentiable]
fn half_1_2(x: f64) -> f64 {
    halve(x)
}

#[differentiable]
fn half_12(x: f64) -> f64 {
    halve(x)
}

#[differentiable]
fn _1(x: f64) -> f64 {
    half_12(x) * half_1_2(x)
}

macro_rules! function_of_a_path {
    ($name:ident, $path:path) => {
        #[differentiable]
        fn $name(x: f64) -> f64 {
            $path(x) * x
        }
    };
}

function_of_a_path!(of_a_path, parts::half);

#[differentiable]
fn core<T: Scalar>(x: T) -> T {
    line(x) * T::of(8.0)
}

#[differentiable]
fn all(x: f64, y: f64) -> f64 {
    let half = halve(x) + r#box(y) * smaller::quarter(x);
    let _ = line(x);
    (crate::parts::half(half)) / r#box(-half) - self::core({
        let half = parts::smaller::gentle(y);
        half
    })
}

macro_rules! sum_of_two_calls {
    ($name:ident, $one:ident) => {
        #[differentiable]
        fn $name<T: Scalar>(x: T) -> T {
            $one(x) + $crate::parts::half(x)
        }
    };
}

sum_of_two_calls!(sum, halve);

fn main() {
    #[differentiable]
    fn inside(x: f64) -> f64 {
        further_inside(x) * sum(x)
    }

    #[differentiable]
    fn further_inside(x: f64) -> f64 {
        halve(x)
    }

    assert_eq!(_1::forward(3.0).backward(1.0), _1Gradient { x: 1.5 });
    assert_eq!(half_1_2::forward(3.0).backward(1.0), Half1_2Gradient { x: 0.5 });
    assert_eq!(raw::forward(3.0).backward(1.0).x, 3.0);
    assert_eq!(half_12::forward(3.0).backward(1.0), Half12Gradient { x: 0.5 });
    assert_eq!(of_a_path::forward(3.0).backward(1.0).x, 3.0);
    assert_eq!(inside::forward(3.0).backward(1.0).x, 3.0);
    let (x, y) = (0.5, 1.5_f64);
    let half = x / 2.0 + y * y * x / 4.0;
    let value = half / 2.0 / (half * half) - 4.0 * y.tanh() / 2.0;
    assert!((all(x, y) - value).abs() < 1e-12 && all::forward(x, y).value() == all(x, y));
    let gradient = all::forward(x, y).backward(1.0);
    let by_half = -0.5 / (half * half);
    assert!((gradient.x - by_half * (0.5 + y * y / 4.0)).abs() < 1e-12);
    assert!((gradient.y - (by_half * y * x / 2.0 - 2.0 * (1.0 - y.tanh().powi(2)))).abs() < 1e-12);
}
