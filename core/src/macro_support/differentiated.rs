//! Connects a differentiable function to the derivatives of the functions that it calls.

/// A bound for the call type of a differentiable function; its error message lists what is supported.
#[diagnostic::on_unimplemented(
    message = "a call of this function is not supported in a differentiable function: use `+ - * /`, numbers, `let`, calls of other differentiable functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`",
    label = "this function is not `#[differentiable]`"
)]
pub trait Differentiated {}

// A single blanket impl, so that the error does not list all functions.
#[diagnostic::do_not_recommend]
impl<C: Call> Differentiated for C {}

/// Implemented by `#[differentiable]` for the call type that it generates.
pub trait Call {
    /// The type of its numbers.
    type Number;
}

/// The callee at index `PLACE` in the list of a differentiable function.
pub trait Calls<const PLACE: usize> {
    /// The callee's call type, for numbers of type `T`.
    type Of<T>: Differentiated;
}

/// Fallbacks for the methods of a call type.
///
/// Inherent methods take precedence, unless the call has another type of numbers; then the call itself is an error.
pub trait Fallback: Sized {
    /// The type of its numbers.
    type Number;

    /// Fallback for `forward`.
    fn __forward<const N: usize>(_: [Self::Number; N]) -> Self {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Fallback for `forward` in vectorized loops.
    fn __quick_forward<const N: usize>(arguments: [Self::Number; N]) -> Self {
        Self::__forward(arguments)
    }

    /// Fallback for the result.
    fn value(&self) -> Self::Number {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Fallback for the derivatives.
    fn backward(&self, dout: Self::Number) -> NotDifferentiable<Self::Number> {
        NotDifferentiable(dout)
    }
}

/// The fallback for the call of a function that is not differentiable, and for its derivatives; never constructed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotDifferentiable<T>(T);

impl<C: Call> Fallback for C {
    type Number = C::Number;
}

impl<T> Fallback for NotDifferentiable<T> {
    type Number = T;
}

#[cfg(feature = "alloc")]
impl<T> NotDifferentiable<T> {
    /// Fallback for the derivatives in the order of the parameters.
    pub fn to_array(self) -> alloc::vec::Vec<T> {
        alloc::vec![self.0]
    }
}
