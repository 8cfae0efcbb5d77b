//! How `#[differentiable]` finds the derivative of a function that another calls.

use std::ops::Index;

/// The type of the calls of a differentiable function.
#[diagnostic::on_unimplemented(
    message = "a call of this function is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`",
    label = "no function of this name has `#[differentiable]` before it"
)]
pub trait Differentiated {}

// Only this is implemented for all those functions, so that the error does not list them.
#[diagnostic::do_not_recommend]
impl<C: Call> Differentiated for C {}

/// What `#[differentiable]` implements for the type that it writes.
pub trait Call {
    /// The type of its numbers.
    type Number;
}

/// What stands at that place in the list of the functions that a differentiable function calls.
pub trait Calls<const PLACE: usize> {
    /// The type of its calls, for numbers of the type `T`.
    type Of<T>: Differentiated;
}

/// The call of what is no differentiable function, so that there is no second error. It is never made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotDifferentiable<T>(T);

impl<T: Copy> NotDifferentiable<T> {
    /// Stands for the function's `forward`.
    pub fn __forward<const N: usize>(_: [T; N]) -> Self {
        unreachable!("a call of what is no differentiable function does not compile")
    }

    /// Stands for the same in loops that are vectorised.
    pub fn __quick_forward<const N: usize>(arguments: [T; N]) -> Self {
        Self::__forward(arguments)
    }

    /// Stands for its result.
    pub fn value(&self) -> T {
        self.0
    }

    /// Stands for its derivatives.
    #[must_use]
    pub fn backward(&self, _: T) -> Self {
        *self
    }

    /// Stands for them as an array.
    #[must_use]
    pub fn to_array(self) -> Self {
        self
    }
}

/// Stands for the functions of a call whose numbers are of another type, which is an error where it is written. It is found only
/// where the call has none of its own.
pub trait OfAnotherType: Call + Sized {
    /// Stands for `forward`.
    fn __forward<const N: usize>(_: [Self::Number; N]) -> Self {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Stands for the same in loops that are vectorised.
    fn __quick_forward<const N: usize>(_: [Self::Number; N]) -> Self {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Stands for the result.
    fn value(&self) -> Self::Number {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Stands for the derivatives.
    fn backward(&self, _: Self::Number) -> NotDifferentiable<Self::Number> {
        unreachable!("a call with numbers of another type does not compile")
    }
}

impl<C: Call> OfAnotherType for C {}

impl<T> Index<usize> for NotDifferentiable<T> {
    type Output = T;

    fn index(&self, _: usize) -> &T {
        &self.0
    }
}
