//! Functions of numbers that `#[differentiable]` and `#[activation]` write calls of, by names that need no import.
#![allow(clippy::inline_always)] // loops are vectorized only where everything in them is inlined

use nalgebra::{ComplexField, RealField};

use crate::graph::{Graph, Kind, number};
use crate::kernels::Exponential;
pub use crate::layers::elementwise::{chain, quick_tanh};
use crate::scalar::Scalar;

macro_rules! functions {
    ($trait:ident: $($function:ident)*) => {
        $(
            /// The method of that name.
            #[inline(always)]
            pub fn $function<T: Scalar>(x: T) -> T {
                $trait::$function(x)
            }
        )*
    };
}

functions!(ComplexField: exp ln sqrt recip sin cos tan tanh sinh cosh abs exp_m1 ln_1p);
functions!(Exponential: quick_exp quick_exp_m1 quick_exp_m1_to_0 quick_ln quick_ln_1p quick_ln_1p_to_1);

/// The method of that name.
#[inline(always)]
pub fn powi<T: Scalar>(x: T, exponent: i32) -> T {
    ComplexField::powi(x, exponent)
}

/// The method of that name.
#[inline(always)]
pub fn powf<T: Scalar>(x: T, exponent: T) -> T {
    ComplexField::powf(x, exponent)
}

/// The method of that name.
#[inline(always)]
pub fn mul_add<T: Scalar>(x: T, factor: T, summand: T) -> T {
    ComplexField::mul_add(x, factor, summand)
}

/// The method of that name.
#[inline(always)]
pub fn max<T: Scalar>(x: T, y: T) -> T {
    RealField::max(x, y)
}

/// The method of that name.
#[inline(always)]
pub fn min<T: Scalar>(x: T, y: T) -> T {
    RealField::min(x, y)
}

/// `xⁿ` by products, for vectorized loops.
#[inline(always)]
pub fn quick_powi<T: Scalar>(x: T, exponent: i32) -> T {
    let (mut power, mut base, mut rest) = (T::one(), x, exponent.unsigned_abs());
    while rest > 0 {
        if rest % 2 == 1 {
            power *= base;
        }
        base *= base;
        rest /= 2;
    }
    if exponent < 0 { T::one() / power } else { power }
}

/// `dy / x` for the derivative of a function that grows with `x` without end, as a logarithm does. Where `x` has overflowed,
/// the derivatives of the values it was calculated from are lost: so it is NaN there, and not 0, unless `dy` is 0.
#[inline(always)]
pub fn div_by_finite<T: Scalar>(dy: T, x: T) -> T {
    let is_lost = x.abs() == T::of(f64::INFINITY) && dy != T::zero();
    if is_lost { T::of(f64::NAN) } else { dy / x }
}

/// The derivative of `|x|`: -1, 0 or 1.
#[inline(always)]
pub fn sign<T: Scalar>(x: T) -> T {
    if x > T::zero() {
        T::one()
    } else if x < T::zero() {
        -T::one()
    } else {
        x // 0 or NaN
    }
}

/// The flow back to `x` from `max(x, y)` if `y` is a constant: `dy` where `x > y` or `y` is NaN, else 0.
#[inline(always)]
#[allow(clippy::eq_op)] // of all values, NaN alone differs from itself
pub fn where_greater<T: Scalar>(x: T, y: T, dy: T) -> T {
    if x > y || y != y { dy } else { T::zero() }
}

/// The same for `min(x, y)`, where `x < y`.
#[inline(always)]
#[allow(clippy::eq_op)]
pub fn where_smaller<T: Scalar>(x: T, y: T, dy: T) -> T {
    if x < y || y != y { dy } else { T::zero() }
}

/// The same for `max(x, y)` if both are values: half of `dy` where they are equal.
#[inline(always)]
pub fn share_of_greater<T: Scalar>(x: T, y: T, dy: T) -> T {
    if x == y { dy * T::of(0.5) } else { where_greater(x, y, dy) }
}

/// The same for `min(x, y)`.
#[inline(always)]
pub fn share_of_smaller<T: Scalar>(x: T, y: T, dy: T) -> T {
    if x == y { dy * T::of(0.5) } else { where_smaller(x, y, dy) }
}

/// The derivative of `xⁿ`: `n · xⁿ⁻¹`.
#[inline(always)]
pub fn powi_slope<T: Scalar>(x: T, exponent: i32) -> T {
    let less = |exponent: i32| exponent.checked_sub(1).map_or_else(|| powi(x, exponent) / x, |less| powi(x, less));
    if exponent == 0 { T::zero() } else { T::of(f64::from(exponent)) * less(exponent) }
}

/// The flow back from `xᵖ` to `x`: `dy · p · xᵖ⁻¹`; for roots of infinity, see [`div_by_finite`].
#[inline(always)]
pub fn powf_flow<T: Scalar>(x: T, exponent: T, dy: T) -> T {
    if exponent == T::zero() {
        T::zero()
    } else if x.abs() == T::of(f64::INFINITY) && exponent > T::zero() && exponent < T::one() {
        div_by_finite(dy, x)
    } else {
        dy * (exponent * powf(x, exponent - T::one()))
    }
}

/// The derivative of `y = xᵖ` by `p`: `y · ln(x)`, and 0 where `x` or `y` is 0.
#[inline(always)]
pub fn powf_slope_by_exponent<T: Scalar>(x: T, y: T) -> T {
    if x == T::zero() || y == T::zero() { T::zero() } else { y * ln(x) }
}

/// The graph of a call: its nodes; its edges, each with the nodes at its ends, the value and the derivative that flow
/// along it; and, for values that are used more than once, the sum of what flows back.
pub fn drawn<T: Scalar>(
    nodes: &[(Kind, &str)],
    edges: &[(usize, usize)],
    values: &[T],
    gradients: &[Option<T>],
    sums: &[(usize, T)],
) -> Graph {
    let mut graph = Graph::new();
    for &(kind, label) in nodes {
        graph.node(kind, label);
    }
    for &(node, sum) in sums {
        graph.gradient(node, format!("d{} = {}", nodes[node].1, number(sum.as_f64())));
    }
    for (place, (&(from, to), value)) in edges.iter().zip(values).enumerate() {
        let gradient = gradients.get(place).copied().flatten();
        let gradient = gradient.map_or_else(String::new, |gradient| number(gradient.as_f64()));
        graph.edge(from, to, number(value.as_f64()), gradient);
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinks_and_poles_have_the_derivatives_that_are_documented() {
        assert_eq!([sign(-3.0), sign(0.0), sign(2.0)], [-1.0, 0.0, 1.0]);
        assert!(sign(f64::NAN).is_nan());
        assert_eq!([1.0, 0.0, -1.0, f64::NAN].map(|x| where_greater(x, 0.0, 5.0)), [5.0, 0.0, 0.0, 0.0]);
        assert_eq!([1.0, 0.0, -1.0, f64::NAN].map(|x| where_smaller(x, 0.0, 5.0)), [0.0, 0.0, 5.0, 0.0]);
        assert_eq!([where_greater(1.0, f64::NAN, 5.0), where_smaller(1.0, f64::NAN, 5.0)], [5.0, 5.0]);
        assert_eq!([2.0, 1.0, 0.0, f64::NAN].map(|x| share_of_greater(x, 1.0, 8.0)), [8.0, 4.0, 0.0, 0.0]);
        assert_eq!([2.0, 1.0, 0.0, f64::NAN].map(|x| share_of_smaller(x, 1.0, 8.0)), [0.0, 4.0, 8.0, 0.0]);
        assert_eq!([share_of_greater(1.0, f64::NAN, 8.0), share_of_smaller(1.0, f64::NAN, 8.0)], [8.0, 8.0]);
        assert_eq!([chain(0.0, f64::INFINITY), chain(2.0, 3.0)], [0.0, 6.0]);
        assert!(chain(f64::NAN, 1.0).is_nan());
    }

    #[test]
    fn what_overflows_has_no_derivative_but_0() {
        assert_eq!([div_by_finite(0.0, f64::INFINITY), div_by_finite(6.0, 2.0)], [0.0, 3.0]);
        assert!(div_by_finite(1.0, f64::INFINITY).is_nan() && div_by_finite(-1e-9, f64::NEG_INFINITY).is_nan());
        assert_eq!(
            [(1.0, 1.0), (2.0, 1e300), (0.5, 0.0)].map(|(p, dy)| powf_flow(f64::INFINITY, p, dy)),
            [1.0, f64::INFINITY, 0.0]
        );
        assert!([1.0, -1.0].iter().all(|sign| powf_flow(sign * f64::INFINITY, 0.5, 1.0).is_nan()));
        assert_eq!(powf_slope_by_exponent(f64::INFINITY, 0.0), 0.0);
    }

    #[test]
    fn powers_have_derivatives_at_zero() {
        assert_eq!((-powi_slope(1.000_000_1_f64, i32::MIN)).log10().round(), -84.0);
        assert_eq!([powi_slope(0.0, 0), powi_slope(0.0, 1), powi_slope(3.0, -1)], [0.0, 1.0, -1.0 / 9.0]);
        assert_eq!([(0.0, 0.0), (0.0, 1.0), (4.0, 0.5)].map(|(x, p)| powf_flow(x, p, 2.0)), [0.0, 2.0, 0.5]);
        assert_eq!([powf_slope_by_exponent(0.0, 0.0), powf_slope_by_exponent(1.0, 1.0)], [0.0, 0.0]);
    }

    #[test]
    fn quick_functions_are_close_to_the_others() {
        for exponent in -5..=9 {
            let (quick, exact) = (quick_powi(1.3_f64, exponent), 1.3_f64.powi(exponent));
            assert!((quick / exact - 1.0).abs() < 1e-15, "1.3 to the power of {exponent}: {quick}, not {exact}");
        }
        for x in (-400..=400).map(|i| f64::from(i) * 0.05) {
            assert!((quick_tanh(x) - x.tanh()).abs() <= 4e-16 * x.tanh().abs(), "tanh {x}");
        }
    }
}
