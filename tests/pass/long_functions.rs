//! Functions of thousands of operations compile, without optimization as well: the compiler's stack is deep enough.

use typenet::prelude::*;

#[differentiable]
fn half<T: Scalar>(x: T) -> T {
    x * T::of(0.5)
}

/// Each dot makes the function twice as long.
macro_rules! long {
    (. $($dots:tt)*) => {
        long!(@ [1.0 0.5 0.25 0.125] $($dots)*);
    };
    (@ [$($number:literal)*] . $($dots:tt)*) => {
        long!(@ [$($number)* $($number)*] $($dots)*);
    };
    (@ [$($number:literal)*]) => {
        #[differentiable]
        fn long(x: f64, y: f64) -> f64 {
            $(let x = half(x * y - $number);)*
            x
        }

        const NUMBERS: &[f64] = &[$($number),*];
    };
}

long!(. . . . . . . . .);

fn main() {
    assert_eq!(NUMBERS.len(), 1024);
    let (mut x, mut by_x, mut by_y) = (3.0, 1.0, 0.0);
    let y = 1.5;
    for number in NUMBERS {
        by_y = (by_y * y + x) / 2.0;
        by_x *= y / 2.0;
        x = (x * y - number) / 2.0;
    }
    let call = long::forward(3.0, y);
    let gradient = call.backward(1.0);
    assert_eq!((call.value(), long(3.0, y)), (x, x));
    assert!((gradient.x - by_x).abs() < 1e-12 && (gradient.y - by_y).abs() < 1e-12);
}
