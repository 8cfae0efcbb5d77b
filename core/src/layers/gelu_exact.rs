#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use crate::elementwise_layer;
use crate::layers::elementwise::{Elementwise, at_least, at_most};
use crate::parameters::embedded;
#[cfg(feature = "alloc")]
use crate::parameters::{Operand, Operation, Operator};
use crate::scalar::Scalar;

/// The Gaussian error linear unit: `y = x Φ(x)`; PyTorch's `GELU()`.
///
/// ```text
/// forward    y  = x Φ(x)                   Φ(x) = (1 + erf(x / √2)) / 2, the normal distribution
/// backward   dx = dy · (Φ(x) + x φ(x))     φ(x) = exp(-x² / 2) / √(2π), its density
/// ```
///
/// [`Gelu`](super::Gelu) differs by at most 5e-4 and is faster. At infinity the layer has its limits: `y = x` with
/// derivative 1 at `∞`, and 0 with derivative 0 at `-∞`. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units"
/// (2016).
///
/// # Shapes
///
/// `x`, `y`, `dy` and `dx` are `N x F`, for any `F`.
#[doc(alias("erf", "GELU"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeluExact;

/// From here on `Φ(-x)` and `φ(x)` are 0, also in double precision.
const FAR: f64 = 40.0;

/// `(1 + 2z) exp(z²) erfc(z)` for `z ≥ 0` is a polynomial in `(z - CENTER) / (z + CENTER)`, to 3e-16 of its value.
///
/// The coefficients, from the constant on, are those of the Chebyshev series of degree 24. Source of the form: Shepherd and
/// Laframboise, "Chebyshev Approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞" (1981).
const CENTER: f64 = 3.75;
const COEFFICIENTS: [f64; 25] = [
    1.237_512_630_837_827_5,
    -0.140_240_598_585_546_97,
    0.003_585_415_485_464_429_3,
    0.082_276_738_490_145_2,
    -0.108_803_930_141_748_86,
    0.092_304_321_160_377_48,
    -0.058_693_398_589_636_77,
    0.028_362_277_418_956_406,
    -0.009_746_579_558_029_276,
    0.001_755_625_852_895_295_4,
    0.000_293_713_665_591_344_8,
    -0.000_290_154_080_540_841_7,
    5.164_909_889_268_241e-05,
    2.238_423_915_508_223e-05,
    -1.144_414_623_770_052_4e-05,
    -9.735_598_967_367_75e-07,
    1.751_637_648_849_062e-06,
    -5.721_823_060_322_408_6e-08,
    -2.586_685_071_615_588_4e-07,
    2.326_350_870_885_912_4e-08,
    3.867_533_424_222_235_4e-08,
    -3.744_210_080_962_018e-09,
    -5.173_990_214_011_309_5e-09,
    3.111_433_380_979_925_4e-10,
    4.251_471_444_796_389_5e-10,
];

/// `Φ(x)` and `exp(-x² / 2)`.
#[inline(always)]
fn normal<T: Scalar>(x: T) -> [T; 2] {
    let z = at_most(x.abs(), T::of(FAR)) * T::of(FRAC_1_SQRT_2);
    let exp = (-(z * z)).quick_exp();
    let place = (z - T::of(CENTER)) / (z + T::of(CENTER));
    let polynomial = COEFFICIENTS.iter().rev().fold(T::zero(), |sum, &coefficient| sum * place + T::of(coefficient));
    let tail = T::of(0.5) * exp * polynomial / (T::one() + z + z);
    [if x > T::zero() { T::one() - tail } else { tail }, exp]
}

embedded!([] GeluExact = Self);

impl Elementwise for GeluExact {
    #[inline(always)]
    fn value<T: Scalar>(&self, x: T) -> T {
        at_least(x, T::of(-FAR)) * normal(x)[0]
    }

    #[inline(always)]
    fn slope<T: Scalar>(&self, x: T, _: T) -> T {
        let [normal, exp] = normal(x);
        normal + T::of(0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2) * at_most(at_least(x, T::of(-FAR)), T::of(FAR)) * exp
    }

    #[cfg(feature = "alloc")]
    fn operation<T: Scalar>(&self) -> Option<Operation> {
        let mut operation = Operation::identity();
        let scaled = operation.push(Operator::new("Mul", [Operand::Input, Operand::Number(FRAC_1_SQRT_2)]));
        let erf = operation.push(Operator::new("Erf", [scaled]));
        let above = operation.push(Operator::new("Add", [erf, Operand::Number(1.0)]));
        let half = operation.push(Operator::new("Mul", [Operand::Input, Operand::Number(0.5)]));
        operation.push(Operator::new("Mul", [half, above]));
        Some(operation)
    }
}

elementwise_layer!(GeluExact, kept);

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Const;

    #[test]
    fn gradients_agree_with_differences() {
        crate::layers::layer::tests::check_gradients::<Const<7>, _>(&GeluExact, &GeluExact);
    }

    /// Values of `torch.nn.functional.gelu` in `f64`.
    #[test]
    #[allow(clippy::cast_possible_truncation)] // rounds the inputs
    #[allow(clippy::unreadable_literal)] // as printed
    fn values_are_those_of_pytorch() {
        let cases: [(f64, f64, f64); 16] = [
            (-30.0, -0.0, -4.420938404635643e-195),
            (-9.5, -0.0, -9.574038624585009e-20),
            (-6.0, -5.919525869479969e-09, -3.546870945402639e-08),
            (-3.0, -0.00404969409489031, -0.01194564720418392),
            (-1.3, -0.1258406299612934, -0.12597868507653925),
            (-0.5, -0.15426876936299344, 0.13250487534383712),
            (-0.001, -0.000499601057786089, 0.4992021157051586),
            (0.0, 0.0, 0.5),
            (1e-09, 5.000000003989423e-10, 0.5000000007978846),
            (0.3, 0.1853734266566858, 0.7323277668271099),
            (0.9, 0.7343458871879165, 1.0554165995621199),
            (1.1, 0.9507673329589791, 1.103971333789423),
            (1.9, 1.8454385363495966, 1.0959534882558837),
            (4.2, 4.199943947854133, 1.0002342151355617),
            (9.0, 9.0, 1.0),
            (30.0, 30.0, 1.0),
        ];
        for (x, y, dx) in cases {
            let double = [GeluExact.value(x), GeluExact.slope(x, 0.0)];
            let single = [GeluExact.value(x as f32), GeluExact.slope(x as f32, 0.0)];
            for ((double, single), expected) in double.into_iter().zip(single).zip([y, dx]) {
                assert!((double - expected).abs() <= 5e-16 * (1.0 + expected.abs()), "{x}: {double}, not {expected}");
                assert!((f64::from(single) - expected).abs() <= 2e-7 * (1.0 + expected.abs()), "{x}: {single}");
            }
        }
    }

    #[test]
    fn limits() {
        assert_eq!((GeluExact.value(f64::INFINITY), GeluExact.value(f64::NEG_INFINITY)), (f64::INFINITY, 0.0));
        assert_eq!((GeluExact.slope(f64::INFINITY, 0.0), GeluExact.slope(f64::NEG_INFINITY, 0.0)), (1.0, 0.0));
        assert!(GeluExact.value(f64::NAN).is_nan() && GeluExact.slope(f32::NAN, 0.0).is_nan());
    }
}
