//! The numbers from 0 to 1,024 as types: nalgebra's `Const<N>`, and typenum's binary numbers, which can be computed with.

use nalgebra::{Const, DimName};
use typenum::{B0, B1, U1024, UInt, UTerm, Unsigned};

/// A number with a binary form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is too large for an image",
    label = "sides, windows, strides and paddings are at most 1,024"
)]
pub trait ToBinary {
    /// The same number in typenum's form.
    type Binary: Unsigned;
}

/// A binary number with a `Const`.
#[diagnostic::on_unimplemented(
    message = "the image is too large",
    label = "this layer would output an image with a side of more than 1,024"
)]
pub trait FromBinary {
    /// The same number as a `Const`.
    type Number: DimName;
}

/// Implements both traits for a number, and for all numbers that begin with its binary digits and have up to as many
/// further digits as there are dots.
macro_rules! numbers {
    ($binary:ty, $value:expr,) => {
        impl ToBinary for Const<{ $value }> {
            type Binary = $binary;
        }
        impl FromBinary for $binary {
            type Number = Const<{ $value }>;
        }
    };
    ($binary:ty, $value:expr, . $($dots:tt)*) => {
        numbers!($binary, $value,);
        numbers!(UInt<$binary, B0>, 2 * $value, $($dots)*);
        numbers!(UInt<$binary, B1>, 2 * $value + 1, $($dots)*);
    };
}

numbers!(UTerm, 0,);
numbers!(UInt<UTerm, B1>, 1, . . . . . . . . .);
numbers!(U1024, 1024,);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_value_in_both_forms() {
        fn check<const N: usize>()
        where
            Const<N>: ToBinary<Binary: FromBinary>,
        {
            assert_eq!(<<Const<N> as ToBinary>::Binary as Unsigned>::USIZE, N);
            assert_eq!(<<<Const<N> as ToBinary>::Binary as FromBinary>::Number as DimName>::DIM, N);
        }
        check::<0>();
        check::<1>();
        check::<2>();
        check::<127>();
        check::<128>();
        check::<684>();
        check::<1023>();
        check::<1024>();
    }
}
