//! Arithmetic on typenum's binary numbers in few steps, because the compiler repeats them in each function that names a
//! layer.

use std::ops::Div;

use typenum::{B0, B1, UInt, UTerm};

/// Subtracts `Other` and the bit `Borrow`, from the lowest bit on, and ends with the bits of `Other`.
pub trait Without<Other, Borrow> {
    /// The difference, or [`Negative`].
    type Rest;
}

/// A difference less than 0.
#[derive(Debug)]
pub enum Negative {}

impl Without<UTerm, B0> for UTerm {
    type Rest = UTerm;
}

impl Without<UTerm, B1> for UTerm {
    type Rest = Negative;
}

impl<U, B, Borrow> Without<UInt<U, B>, Borrow> for UTerm {
    type Rest = Negative;
}

impl<U, B> Without<UTerm, B0> for UInt<U, B> {
    type Rest = Self;
}

impl<U: WithBit<B0>> Without<UTerm, B1> for UInt<U, B1> {
    type Rest = U::Number;
}

impl<U: Without<UTerm, B1, Rest: WithBit<B1>>> Without<UTerm, B1> for UInt<U, B0> {
    type Rest = <U::Rest as WithBit<B1>>::Number;
}

/// Implements the subtraction of a bit: the bits of both numbers and the borrow, then the bit and the borrow of the rest.
macro_rules! subtract {
    ($($left:ident - $right:ident - $borrow:ident = $bit:ident, $next:ident;)*) => {$(
        impl<U: Without<V, $next, Rest: WithBit<$bit>>, V> Without<UInt<V, $right>, $borrow> for UInt<U, $left> {
            type Rest = <U::Rest as WithBit<$bit>>::Number;
        }
    )*};
}

subtract! {
    B0 - B0 - B0 = B0, B0;
    B0 - B0 - B1 = B1, B1;
    B0 - B1 - B0 = B1, B1;
    B0 - B1 - B1 = B0, B1;
    B1 - B0 - B0 = B1, B0;
    B1 - B0 - B1 = B0, B0;
    B1 - B1 - B0 = B0, B0;
    B1 - B1 - B1 = B1, B1;
}

/// Appends a lowest bit. A number has no leading zeros.
pub trait WithBit<B> {
    /// The longer number.
    type Number;
}

impl WithBit<B0> for UTerm {
    type Number = UTerm;
}

impl WithBit<B1> for UTerm {
    type Number = UInt<UTerm, B1>;
}

impl<U, B, C> WithBit<B> for UInt<U, C> {
    type Number = UInt<Self, B>;
}

impl<B> WithBit<B> for Negative {
    type Number = Self;
}

/// Replaces a difference less than 0 by 0.
pub trait OrZero {
    /// The number, or 0.
    type Number;
}

impl OrZero for Negative {
    type Number = UTerm;
}

impl OrZero for UTerm {
    type Number = Self;
}

impl<U, B> OrZero for UInt<U, B> {
    type Number = Self;
}

/// Divides `Of` by this number and rounds down. A division by 0 is one by 1.
pub trait Divide<Of> {
    /// The quotient.
    type Quotient;
}

impl<Of> Divide<Of> for UTerm {
    type Quotient = Of;
}

impl<Of> Divide<Of> for UInt<UTerm, B1> {
    type Quotient = Of;
}

impl<Of: Half, U, B> Divide<Of> for UInt<UInt<U, B>, B0>
where
    UInt<U, B>: Divide<Of::Half>,
{
    type Quotient = <UInt<U, B> as Divide<Of::Half>>::Quotient;
}

impl<Of: Div<Self>, U, B> Divide<Of> for UInt<UInt<U, B>, B1> {
    type Quotient = Of::Output;
}

/// Drops the lowest bit.
pub trait Half {
    /// The half, rounded down.
    type Half;
}

impl Half for UTerm {
    type Half = UTerm;
}

impl<U, B> Half for UInt<U, B> {
    type Half = U;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::numbers::ToBinary;
    use nalgebra::Const;
    use typenum::Unsigned;

    type Binary<const N: usize> = <Const<N> as ToBinary>::Binary;

    /// Checks `(A - B - Borrow) / S` with differences less than 0 replaced by 0.
    fn check<const A: usize, const B: usize, const S: usize, Borrow, Difference, Quotient>(borrow: usize)
    where
        Const<A>: ToBinary<Binary: Without<Binary<B>, Borrow, Rest: OrZero<Number = Difference>>>,
        Const<B>: ToBinary,
        Const<S>: ToBinary<Binary: Divide<Difference, Quotient = Quotient>>,
        Difference: Unsigned,
        Quotient: Unsigned,
    {
        let wanted = A.saturating_sub(B + borrow);
        assert_eq!(Difference::USIZE, wanted, "{A} - {B} - {borrow}");
        assert_eq!(Quotient::USIZE, wanted / S, "{wanted} / {S}");
    }

    #[test]
    fn differences_and_quotients_agree_with_those_of_numbers() {
        macro_rules! check {
            ($($a:literal - $b:literal, $s:literal;)*) => {$(
                check::<$a, $b, $s, B0, _, _>(0);
                check::<$a, $b, $s, B1, _, _>(1);
            )*};
        }
        check! {
            0 - 0, 1; 1 - 0, 1; 0 - 1, 2; 1 - 1, 3; 2 - 1, 1; 2 - 2, 4; 3 - 2, 1; 4 - 1, 1; 8 - 1, 2; 8 - 7, 1;
            5 - 2, 2; 6 - 3, 3; 7 - 4, 6; 9 - 10, 1; 10 - 9, 1; 4 - 8, 5; 21 - 21, 7; 512 - 1, 8; 1023 - 512, 12;
            1024 - 3, 10; 1024 - 1023, 1; 1000 - 13, 25; 13 - 1000, 25; 768 - 255, 1024;
        }
    }
}
