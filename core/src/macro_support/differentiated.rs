//! How `#[differentiable]` finds the derivative of a function that another calls.

/// The type of the calls of a differentiable function.
#[diagnostic::on_unimplemented(
    message = "a call of this function is not supported in a differentiable function: use `+ - * /`, numbers, `let`, calls of other differentiable functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`",
    label = "this function is not `#[differentiable]`"
)]
pub trait Differentiated {}

// Only this is implemented for all those functions, so that the error does not list them.
#[diagnostic::do_not_recommend]
impl<C: Call> Differentiated for C {}

/// Implemented by `#[differentiable]` for the type that it writes.
pub trait Call {
    /// The type of its numbers.
    type Number;
}

/// The callee at that place in the list of a differentiable function.
pub trait Calls<const PLACE: usize> {
    /// The type of its calls, for numbers of the type `T`.
    type Of<T>: Differentiated;
}

/// Fallbacks for the functions of a call. The type has its own, unless its numbers are of another type, which is an error where
/// the call is written.
pub trait Fallback: Sized {
    /// The type of its numbers.
    type Number;

    /// Fallback for `forward`.
    fn __forward<const N: usize>(_: [Self::Number; N]) -> Self {
        unreachable!("a call with numbers of another type does not compile")
    }

    /// Fallback for the same in vectorized loops.
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

/// The fallback for the call of a function that is not differentiable, and for its derivatives. It is never made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotDifferentiable<T>(T);

impl<C: Call> Fallback for C {
    type Number = C::Number;
}

impl<T> Fallback for NotDifferentiable<T> {
    type Number = T;
}

impl<T> NotDifferentiable<T> {
    /// Fallback for the derivatives in the order of the parameters.
    pub fn to_array(self) -> Vec<T> {
        vec![self.0]
    }
}
