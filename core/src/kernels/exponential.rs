//! The exponential function and the logarithm, written so that the compiler vectorizes loops over them.
//!
//! `exp(x) = 2ⁿ · exp(r)` with `n = round(x / ln 2)` and `r = x - n · ln 2`, so that `|r| <= ln 2 / 2`. There
//! `exp(r) = 1 + r + r² · P(r)`, with a polynomial `P` whose coefficients come from the Remez algorithm. The code
//! uses no branches and no fused multiply-adds: every processor gives the same bits.
#![allow(clippy::excessive_precision)] // each constant is the float nearest to its literal
#![allow(clippy::inline_always)] // the compiler vectorizes a loop only if everything in it is inlined

/// Floats with a fast exponential function and logarithm.
pub trait Exponential: Sized {
    /// `exp(x)`, to within 2 ulp (units in the last place), vectorizable unlike the standard library's.
    #[must_use]
    fn quick_exp(self) -> Self;

    /// `exp(x) - 1`, to within 2 ulp, also for `x` near 0.
    #[must_use]
    fn quick_exp_m1(self) -> Self;

    /// The same for `x <= 0`, which is faster.
    #[must_use]
    fn quick_exp_m1_to_0(self) -> Self;

    /// `ln(x)`, to within 2 ulp: negative infinity at 0, NaN below 0.
    #[must_use]
    fn quick_ln(self) -> Self;

    /// `ln(1 + x)`, to within 2 ulp, also for `x` near 0: negative infinity at -1, NaN below -1.
    #[must_use]
    fn quick_ln_1p(self) -> Self;

    /// The same for `x` from 0 to 1, which is faster.
    #[must_use]
    fn quick_ln_1p_to_1(self) -> Self;
}

/// A lower bound for the argument of `exp(x) - 1`, which rounds to -1 well above it.
const FAR: i8 = -64;

macro_rules! exponential {
    ($number:ident, from $lowest:literal to $highest:literal, $bias:literal << $shift:literal, $rounding:literal,
     ln_2 $high:literal + $low:literal, $last:literal $(, $coefficient:literal)*; atanh $($power:literal),*) => {
        mod $number {
            /// The nearest integer, for `x` far below the constant: the sum has no bits left for a fraction.
            #[inline(always)]
            pub(super) fn round(x: $number) -> $number {
                (x + $rounding) - $rounding
            }

            /// `2ⁿ`, written as exponent bits, for an integer `n` in the exponent's range.
            #[inline(always)]
            pub(super) fn power_of_two(n: $number) -> $number {
                // The lowest bits of the sum are those of `n`, in two's complement.
                $number::from_bits((n + $rounding).to_bits().wrapping_add($bias) << $shift)
            }

            /// `n` and `exp(r) - 1` in the module's formula.
            #[inline(always)]
            pub(super) fn reduce(x: $number) -> ($number, $number) {
                let n = round(x * std::$number::consts::LOG2_E);
                // `ln 2` is split in two: the high part has few enough bits that its product with `n` is exact.
                let r = (x - n * $high) - n * $low;
                let polynomial = $last;
                $(let polynomial = polynomial * r + $coefficient;)*
                (n, polynomial * (r * r) + r)
            }

            /// `n` and `m` of `x = 2ⁿ · m`, with `m` from `√½` to `√2`, for normal numbers.
            #[inline(always)]
            pub(super) fn split(x: $number) -> ($number, $number) {
                const ROUNDING: $number = $rounding;
                let bits = x.to_bits();
                let n = bits.wrapping_sub(std::$number::consts::FRAC_1_SQRT_2.to_bits()).cast_signed() >> $shift;
                let m = $number::from_bits(bits.wrapping_sub((n << $shift).cast_unsigned()));
                ($number::from_bits(ROUNDING.to_bits().wrapping_add(n.cast_unsigned())) - ROUNDING, m)
            }

            /// `n · ln 2 + ln(1 + f)`.
            ///
            /// `ln(1 + f) = 2 · artanh(s) = f - f²/2 + s · (f²/2 + s²·2/3 + s⁴·2/5 + ...)` with `s = f / (2 + f)`;
            /// every term except `f` is small.
            #[inline(always)]
            pub(super) fn logarithm(n: $number, f: $number) -> $number {
                let (s, half_square) = (f / (f + 2.0), f * f * 0.5);
                let (square, sum) = (s * s, 0.0);
                $(let sum = (sum + 2.0 / $power) * square;)*
                n * $high + (f - (half_square - (s * (half_square + sum) + n * $low)))
            }

            /// `ln` for finite positive `x`; elsewhere infinity, negative infinity or NaN.
            #[inline(always)]
            pub(super) fn of_positive(x: $number, ln: $number) -> $number {
                let beyond = if x > 0.0 { $number::INFINITY } else { $number::NAN };
                let beyond = if x == 0.0 { $number::NEG_INFINITY } else { beyond };
                if x > 0.0 && x < $number::INFINITY { ln } else { beyond }
            }
        }

        impl Exponential for $number {
            #[inline(always)]
            fn quick_exp(self) -> Self {
                // Beyond these bounds the result is 0 or infinity. NaN passes through.
                let x = if self < $lowest { $lowest } else { self };
                let x = if x > $highest { $highest } else { x };
                let (n, less_one) = $number::reduce(x);
                // Two factors, since 2ⁿ alone may be out of range when the result is not.
                let half = $number::round(n * 0.5);
                (less_one + 1.0) * $number::power_of_two(half) * $number::power_of_two(n - half)
            }

            #[inline(always)]
            fn quick_exp_m1(self) -> Self {
                let far = $number::from(FAR);
                let x = if self < far { far } else { self };
                let x = if x > $highest { $highest } else { x };
                let (n, less_one) = $number::reduce(x);
                // 2ⁿ · (exp(r) - 1) + (2ⁿ - 1), computed as twice its half, since 2ⁿ alone may be out of range.
                let scale = $number::power_of_two(n - 1.0);
                (scale * less_one + (scale - 0.5)) * 2.0
            }

            #[inline(always)]
            fn quick_exp_m1_to_0(self) -> Self {
                let far = $number::from(FAR);
                let (n, less_one) = $number::reduce(if self < far { far } else { self });
                let scale = $number::power_of_two(n);
                scale * less_one + (scale - 1.0)
            }

            #[inline(always)]
            fn quick_ln(self) -> Self {
                const SHIFT: u8 = $shift;
                const LARGE: $number = (1_u64 << $shift) as $number;
                // Subnormal numbers have too few bits, so they are scaled up first.
                let tiny = self < $number::MIN_POSITIVE;
                let (n, m) = $number::split(if tiny { self * LARGE } else { self });
                let n = if tiny { n - $number::from(SHIFT) } else { n };
                $number::of_positive(self, $number::logarithm(n, m - 1.0))
            }

            #[inline(always)]
            fn quick_ln_1p(self) -> Self {
                const LARGE: $number = (1_u64 << $shift) as $number;
                let sum = self + 1.0;
                // The part of the sum lost to rounding.
                let lost = if self > 1.0 { 1.0 - (sum - self) } else { self - (sum - 1.0) };
                let (n, m) = $number::split(sum);
                let lost = if self > LARGE { 0.0 } else { lost * $number::power_of_two(-n) };
                $number::of_positive(sum, $number::logarithm(n, (m - 1.0) + lost))
            }

            #[inline(always)]
            fn quick_ln_1p_to_1(self) -> Self {
                $number::logarithm(0.0, self)
            }
        }
    };
}

exponential!(
    f32, from -104.0 to 89.0, 127 << 23, 12_582_912.0,
    ln_2 0.693_359_375 + -2.121_944_4e-4,
    1.979_104_0e-4, 1.394_447_3e-3, 8.333_495e-3, 4.166_63e-2, 0.166_666_66, 0.5;
    atanh 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0
);
exponential!(
    f64, from -746.0 to 710.0, 1023 << 52, 6_755_399_441_055_744.0,
    ln_2 0.693_147_180_369_123_8 + 1.908_214_929_270_587_8e-10,
    2.082_844_465_427_743_5e-9, 2.511_183_229_946_481e-8, 2.755_757_356_909_575_4e-7, 2.755_723_552_656_572_5e-6,
    2.480_158_694_077_425e-5, 1.984_126_989_561_318_8e-4, 1.388_888_888_910_444_6e-3, 8.333_333_333_317_406e-3,
    4.166_666_666_666_613e-2, 0.166_666_666_666_666_83, 0.5;
    atanh 33.0, 31.0, 29.0, 27.0, 25.0, 23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0
);

#[cfg(test)]
#[allow(clippy::cast_possible_truncation)] // rounding to the nearest is intended
mod tests {
    use super::*;

    /// The distance from the exact value, in single-precision ulp.
    fn ulps_f32(got: f32, exact: f64) -> f64 {
        let unit = f64::from((exact as f32).abs().next_up()) - f64::from((exact as f32).abs());
        (f64::from(got) - exact).abs() / unit
    }

    /// `count + 1` evenly spaced values from `from` to `to`.
    fn between(from: f64, to: f64, count: u32) -> impl Iterator<Item = f64> {
        (0..=count).map(move |i| from + (to - from) * f64::from(i) / f64::from(count))
    }

    #[test]
    fn single_precision_is_within_two_ulp_of_the_exact_value() {
        let count = if cfg!(miri) { 100 } else { 2_000_000 };
        let (mut worst, mut worst_m1) = (0.0_f64, 0.0_f64);
        for x in between(-87.0, 88.7, count).map(|x| x as f32) {
            worst = worst.max(ulps_f32(x.quick_exp(), f64::from(x).exp()));
        }
        for x in between(-20.0, 88.7, count).chain(between(-0.01, 0.01, count)).map(|x| x as f32) {
            worst_m1 = worst_m1.max(ulps_f32(x.quick_exp_m1(), f64::from(x).exp_m1()));
            if x <= 0.0 {
                worst_m1 = worst_m1.max(ulps_f32(x.quick_exp_m1_to_0(), f64::from(x).exp_m1()));
            }
        }
        println!("exp {worst:.2} ulp, exp_m1 {worst_m1:.2} ulp");
        assert!(worst <= 2.0 && worst_m1 <= 2.0, "exp {worst} ulp, exp_m1 {worst_m1} ulp");
    }

    /// The standard library's own error is below 1 ulp.
    #[test]
    fn double_precision_is_within_two_ulp_of_the_standard_library() {
        let count = if cfg!(miri) { 100 } else { 1_000_000 };
        let ulps = |got: f64, wanted: f64| (got - wanted).abs() / (wanted.abs().next_up() - wanted.abs());
        let worst = between(-708.0, 709.7, count).map(|x| ulps(x.quick_exp(), x.exp())).fold(0.0, f64::max);
        let m1 = between(-40.0, 709.7, count).chain(between(-0.01, 0.01, count));
        let to_0 = |x: f64| if x > 0.0 { 0.0 } else { ulps(x.quick_exp_m1_to_0(), x.exp_m1()) };
        let worst_m1 = m1.map(|x| ulps(x.quick_exp_m1(), x.exp_m1()).max(to_0(x))).fold(0.0, f64::max);
        println!("exp {worst:.2} ulp, exp_m1 {worst_m1:.2} ulp");
        assert!(worst <= 2.0 && worst_m1 <= 2.0, "exp {worst} ulp, exp_m1 {worst_m1} ulp");
    }

    #[test]
    fn ln_1p_is_within_two_ulp_of_the_exact_value() {
        let count = if cfg!(miri) { 100 } else { 1_000_000 };
        let (mut single, mut double) = (0.0_f64, 0.0_f64);
        let far = between(-744.4, 709.7, count).map(f64::exp);
        for x in far.chain(between(-1.0 + 1e-7, 3.0, count)).chain(between(-1e-6, 1e-6, count)) {
            let nearest = x as f32;
            if nearest > -1.0 && nearest < f32::INFINITY {
                single = single.max(ulps_f32(nearest.quick_ln_1p(), f64::from(nearest).ln_1p()));
            }
            let wanted = x.ln_1p();
            let ulps = |got: f64| (got - wanted).abs() / (wanted.abs().next_up() - wanted.abs());
            double = double.max(ulps(x.quick_ln_1p()));
            if (0.0..=1.0).contains(&x) {
                single = single.max(ulps_f32(nearest.quick_ln_1p_to_1(), f64::from(nearest).ln_1p()));
                double = double.max(ulps(x.quick_ln_1p_to_1()));
            }
        }
        println!("ln_1p {single:.2} ulp in single, {double:.2} in double precision");
        assert!(single <= 2.0 && double <= 2.0, "ln_1p {single} and {double} ulp");
        assert_eq!([-1.0_f32, f32::INFINITY].map(Exponential::quick_ln_1p), [f32::NEG_INFINITY, f32::INFINITY]);
        assert_eq!([-1.0_f64, f64::INFINITY].map(Exponential::quick_ln_1p), [f64::NEG_INFINITY, f64::INFINITY]);
        assert!(f32::NAN.quick_ln_1p_to_1().is_nan() && f64::NAN.quick_ln_1p_to_1().is_nan());
        assert!([-1.5_f32, f32::NAN, f32::NEG_INFINITY].iter().all(|x| x.quick_ln_1p().is_nan()));
        assert!([-1.5_f64, f64::NAN, f64::NEG_INFINITY].iter().all(|x| x.quick_ln_1p().is_nan()));
    }

    #[test]
    fn the_logarithm_is_within_two_ulp_over_the_whole_range() {
        let count = if cfg!(miri) { 100 } else { 1_000_000 };
        let exponents = between(-744.4, 709.7, count).map(f64::exp);
        let (mut single, mut double) = (0.0_f64, 0.0_f64);
        for x in exponents.chain(between(0.5, 2.0, count)).chain([5e-324, f64::MIN_POSITIVE, f64::MAX, 1.0]) {
            let wanted = x.ln();
            double = double.max((x.quick_ln() - wanted).abs() / (wanted.abs().next_up() - wanted.abs()));
            let nearest = x as f32;
            if nearest > 0.0 && nearest < f32::INFINITY {
                single = single.max(ulps_f32(nearest.quick_ln(), f64::from(nearest).ln()));
            }
        }
        println!("ln {single:.2} ulp in single, {double:.2} in double precision");
        assert!(single <= 2.0 && double <= 2.0, "ln {single} and {double} ulp");
        assert_eq!([0.0_f32, -0.0].map(Exponential::quick_ln), [f32::NEG_INFINITY; 2]);
        assert_eq!([0.0_f64, -0.0].map(Exponential::quick_ln), [f64::NEG_INFINITY; 2]);
        assert_eq!((f32::INFINITY.quick_ln(), f64::INFINITY.quick_ln()), (f32::INFINITY, f64::INFINITY));
        assert!([-1.0_f32, f32::NAN, f32::NEG_INFINITY, -1e-45].iter().all(|x| x.quick_ln().is_nan()));
        assert!([-1.0_f64, f64::NAN, f64::NEG_INFINITY, -5e-324].iter().all(|x| x.quick_ln().is_nan()));
    }

    #[test]
    fn extreme_arguments_and_nan() {
        for x in [f32::NEG_INFINITY, -1e30, -200.0, -104.0] {
            assert_eq!(x.quick_exp(), 0.0);
            assert_eq!((x.quick_exp_m1(), x.quick_exp_m1_to_0()), (-1.0, -1.0));
        }
        for x in [f32::INFINITY, 1e30, 89.0] {
            assert_eq!((x.quick_exp(), x.quick_exp_m1()), (f32::INFINITY, f32::INFINITY));
        }
        assert!(
            f32::NAN.quick_exp().is_nan() && f32::NAN.quick_exp_m1().is_nan() && f32::NAN.quick_exp_m1_to_0().is_nan()
        );
        assert_eq!((0.0_f32.quick_exp(), 0.0_f32.quick_exp_m1()), (1.0, 0.0));
        assert!((f64::from((-100.0_f32).quick_exp()) - (-100.0_f64).exp()).abs() < 1e-45, "a subnormal result");
        for x in [f64::NEG_INFINITY, -1e300, -746.0] {
            assert_eq!((x.quick_exp(), x.quick_exp_m1()), (0.0, -1.0));
        }
        assert_eq!((f64::INFINITY.quick_exp(), 710.0_f64.quick_exp()), (f64::INFINITY, f64::INFINITY));
        assert_eq!((f64::INFINITY.quick_exp_m1(), 710.0_f64.quick_exp_m1()), (f64::INFINITY, f64::INFINITY));
        assert!(f64::NAN.quick_exp().is_nan() && f64::NAN.quick_exp_m1().is_nan());
    }
}
