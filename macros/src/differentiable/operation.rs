//! The operations that a function is made of, and those that only derivatives need.

use proc_macro2::TokenStream;
use syn::{Ident, Path};

/// An operation on its operands.
#[derive(Clone, PartialEq)]
pub enum Operation {
    /// The parameter of that place.
    Input(usize),
    Constant(Constant),
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Method(Method),
    /// `xⁿ` with a whole number that is no value.
    Powi(Exponent),
    /// Another differentiable function.
    Call(Callee),
    /// The derivative of the result that is given to `backward`.
    Dout,
    /// `dy · slope`, the operands, but 0 where `dy` is 0.
    Chain,
    /// `dy / x`, the operands, where `x` is finite.
    DivByFinite,
    /// The slope of `|x|`.
    Sign,
    /// The flow back from `max(x, y)` to `x` where `y` is a constant; the operands are `x`, `y`, `dy`.
    WhereGreater,
    /// The same for `min(x, y)`.
    WhereSmaller,
    /// The flow back from `max(x, y)` to `x`; the operands are `x`, `y`, `dy`.
    ShareOfGreater,
    /// The same for `min(x, y)`.
    ShareOfSmaller,
    PowiSlope(Exponent),
    /// The flow back from `xᵖ` to `x`; the operands are `x`, `p`, `dy`.
    PowfFlow,
    /// The slope of `y = xᵖ` by `p`; the operands are `x` and `y`.
    PowfSlopeByExponent,
    /// The derivatives of a call by its arguments; the operands are the call and `dy`.
    CallGradient,
    /// One of them.
    Element(usize),
}

impl Operation {
    /// The flow back to one of two values, of which one was chosen.
    pub fn is_choice(&self) -> bool {
        matches!(self, Self::WhereGreater | Self::WhereSmaller | Self::ShareOfGreater | Self::ShareOfSmaller)
    }

    /// Takes as long as dozens of additions.
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

/// A number in the formula.
#[derive(Clone)]
pub struct Constant {
    /// As formulas and drawings show it.
    pub text: String,
    pub value: Option<f64>,
    /// As it was written; `None` for one that a derivative brought in, which has a value.
    pub tokens: Option<TokenStream>,
}

impl Constant {
    pub fn number(value: f64) -> Self {
        Self { text: short(value), value: Some(value), tokens: None }
    }
}

/// The same number, or written alike.
impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        match (self.value, other.value) {
            (Some(one), Some(other)) => one.to_bits() == other.to_bits(),
            (None, None) => self.written() == other.written(),
            _ => false,
        }
    }
}

impl Constant {
    fn written(&self) -> Option<String> {
        self.tokens.as_ref().map(ToString::to_string)
    }
}

/// A number without digits that say nothing.
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

/// Another differentiable function.
#[derive(Clone, PartialEq)]
pub struct Callee {
    /// Without arguments for type parameters: all numbers are of one type.
    pub path: Path,
    /// The last part of it.
    pub name: Ident,
    /// Its place in the list of callees.
    pub place: usize,
}

macro_rules! methods {
    ($($name:literal $method:ident $arguments:literal,)*) => {
        /// A method of numbers.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Method {
            $($method,)*
        }

        /// Their names, and how many arguments they take beside the number itself.
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
