//! The operations of functions, and those that occur only in derivatives.

use proc_macro2::TokenStream;
use syn::{Ident, Path};

/// An operation, without its operands.
#[derive(Clone, PartialEq)]
pub enum Operation {
    /// The parameter at that index.
    Input(usize),
    Constant(Constant),
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Method(Method),
    /// `xⁿ` with a constant integer.
    Powi(Exponent),
    /// A call of another differentiable function.
    Call(Callee),
    /// The derivative by the result, which is the argument of `backward`.
    Dout,
    /// `dy · slope`, but 0 where `dy` is 0. Operands: `dy`, `slope`.
    Chain,
    /// `dy / x`, for a finite `x`. Operands: `dy`, `x`.
    DivByFinite,
    /// The slope of `|x|`.
    Sign,
    /// The gradient by `x` of `max(x, y)` with a constant `y`. Operands: `x`, `y`, `dy`.
    WhereGreater,
    /// The same for `min(x, y)`.
    WhereSmaller,
    /// The gradient by `x` of `max(x, y)`. Operands: `x`, `y`, `dy`.
    ShareOfGreater,
    /// The same for `min(x, y)`.
    ShareOfSmaller,
    /// The slope of `xⁿ`.
    PowiSlope(Exponent),
    /// The gradient by `x` of `xᵖ`. Operands: `x`, `p`, `dy`.
    PowfFlow,
    /// The slope of `y = xᵖ` by `p`. Operands: `x`, `y`.
    PowfSlopeByExponent,
    /// The gradients by all arguments of a call. Operands: the call, `dy`.
    CallGradient,
    /// An element of `CallGradient`.
    Element(usize),
}

impl Operation {
    /// Returns true for the gradient by one operand of `max` or `min`.
    pub fn is_choice(&self) -> bool {
        matches!(self, Self::WhereGreater | Self::WhereSmaller | Self::ShareOfGreater | Self::ShareOfSmaller)
    }

    /// Returns true if the operation costs as much as dozens of additions.
    pub fn is_slow(&self) -> bool {
        match self {
            Self::Method(method) => !matches!(
                method,
                Method::Sqrt | Method::Recip | Method::Abs | Method::Max | Method::Min | Method::MulAdd
            ),
            Self::Call(_) | Self::CallGradient | Self::PowfFlow | Self::PowfSlopeByExponent => true,
            _ => false,
        }
    }
}

/// A constant in a formula.
#[derive(Clone)]
pub struct Constant {
    /// The text in formulas and drawings.
    pub text: String,
    /// The value, if the macro can evaluate it.
    pub value: Option<f64>,
    /// The user's tokens; `None` for constants of derivatives, whose value is known.
    pub tokens: Option<TokenStream>,
}

impl Constant {
    pub fn number(value: f64) -> Self {
        Self { text: short(value), value: Some(value), tokens: None }
    }
}

/// Compares the values or, if both are unknown, the tokens.
impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        match (self.value, other.value) {
            (Some(one), Some(other)) => one.to_bits() == other.to_bits(),
            (None, None) => self.source() == other.source(),
            _ => false,
        }
    }
}

impl Constant {
    fn source(&self) -> Option<String> {
        self.tokens.as_ref().map(ToString::to_string)
    }
}

/// Formats a number in its shortest form.
pub fn short(value: f64) -> String {
    if value == 0.0 || (1e-5..1e7).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}

/// The exponent of `powi`.
#[derive(Clone)]
pub struct Exponent {
    pub text: String,
    pub value: Option<i32>,
    pub tokens: TokenStream,
}

impl PartialEq for Exponent {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A function that a differentiable function calls.
#[derive(Clone, PartialEq)]
pub struct Callee {
    /// The path without generic arguments, because all scalars have one type.
    pub path: Path,
    /// The last segment of the path.
    pub name: Ident,
    /// The index in the list of callees.
    pub place: usize,
}

macro_rules! methods {
    ($($name:literal $method:ident $arguments:literal,)*) => {
        /// A method of scalars.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Method {
            $($method,)*
        }

        /// The name, the method and its number of arguments besides `self`.
        pub const METHODS: &[(&str, Method, usize)] = &[$(($name, Method::$method, $arguments),)*];
    };
}

methods! {
    "exp" Exp 0,
    "ln" Ln 0,
    "sqrt" Sqrt 0,
    "recip" Recip 0,
    "powf" Powf 1,
    "sin" Sin 0,
    "cos" Cos 0,
    "tan" Tan 0,
    "tanh" Tanh 0,
    "sinh" Sinh 0,
    "cosh" Cosh 0,
    "abs" Abs 0,
    "max" Max 1,
    "min" Min 1,
    "exp_m1" ExpM1 0,
    "ln_1p" Ln1p 0,
    "mul_add" MulAdd 2,
}

impl Method {
    pub fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method, _)| *method == self).map_or("", |(name, ..)| name)
    }
}
