//! Numbers that are known before the function is called.

use syn::{BinOp, Expr, ExprLit, ExprPath, Lit, UnOp};

use crate::differentiable::names::Names;

/// Whether a path is written as consts are.
pub fn is_const(path: &ExprPath) -> bool {
    let last = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    last.trim_start_matches('_').starts_with(char::is_uppercase) && !last.contains(char::is_lowercase)
}

/// Whether a number is put together from literals and consts; if not, what of it is something else.
pub fn check<'a>(value: &'a Expr, names: &Names) -> Result<(), &'a Expr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) => Ok(()),
        Expr::Path(path) if is_const(path) && path.path.get_ident().is_none_or(|name| names.find(name).is_none()) => {
            Ok(())
        }
        Expr::Paren(inner) => check(&inner.expr, names),
        Expr::Group(inner) => check(&inner.expr, names),
        Expr::Cast(cast) => check(&cast.expr, names),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => check(&unary.expr, names),
        Expr::Binary(binary) if matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_)) => {
            check(&binary.left, names)?;
            check(&binary.right, names)
        }
        other => Err(other),
    }
}

/// The first literal that cannot stay as it is written; a cast takes any.
pub fn misfit(value: &Expr, fits: fn(&Lit) -> bool) -> Option<&Lit> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => (!fits(lit)).then_some(lit),
        Expr::Paren(inner) => misfit(&inner.expr, fits),
        Expr::Group(inner) => misfit(&inner.expr, fits),
        Expr::Unary(unary) => misfit(&unary.expr, fits),
        Expr::Binary(binary) => misfit(&binary.left, fits).or_else(|| misfit(&binary.right, fits)),
        _ => None,
    }
}

/// Whether a literal is an `i32`, as exponents are.
pub fn is_exponent(literal: &Lit) -> bool {
    matches!(literal, Lit::Int(number) if fits(number.suffix(), "i32"))
}

/// Whether a literal is an `f64`, as `T::of` takes them.
pub fn is_double(literal: &Lit) -> bool {
    is_float(literal, "f64")
}

/// Whether a literal is a floating-point number of that type.
pub fn is_float(literal: &Lit, kind: &str) -> bool {
    match literal {
        Lit::Float(number) => fits(number.suffix(), kind),
        Lit::Int(number) => !number.suffix().is_empty() && fits(number.suffix(), kind),
        _ => false,
    }
}

/// What stands behind a number and is no type of numbers.
pub fn wrong_suffix(literal: &Lit) -> Option<&str> {
    let suffix = match literal {
        Lit::Float(number) => number.suffix(),
        Lit::Int(number) => number.suffix(),
        _ => "",
    };
    (!suffix.is_empty() && !is_primitive(suffix)).then_some(suffix)
}

/// Whether a name is that of a type of numbers.
pub fn is_primitive(name: &str) -> bool {
    let size = name.trim_start_matches(['f', 'i', 'u']);
    size.len() + 1 == name.len() && matches!(size, "8" | "16" | "32" | "64" | "128" | "size")
}

/// Whether a literal with that suffix, or none, is of that type.
fn fits(suffix: &str, kind: &str) -> bool {
    suffix.is_empty() || kind.rsplit("::").next() == Some(suffix)
}

/// The value of a literal, with or without a sign.
pub fn number(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_digits().parse().ok(),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(-number(&unary.expr)?),
        Expr::Paren(inner) => number(&inner.expr),
        Expr::Group(inner) => number(&inner.expr),
        _ => None,
    }
}

/// The value of a whole number, with or without a sign.
pub fn whole(value: &Expr) -> Option<i32> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(-whole(&unary.expr)?),
        Expr::Paren(inner) => whole(&inner.expr),
        Expr::Group(inner) => whole(&inner.expr),
        _ => None,
    }
}

/// A literal as a number with a decimal point is written.
pub fn as_float(literal: &Lit) -> String {
    let digits = match literal {
        Lit::Int(number) => number.base10_digits(),
        Lit::Float(number) => number.base10_digits(),
        _ => "",
    };
    if digits.contains(['.', 'e', 'E']) { digits.to_owned() } else { format!("{digits}.0") }
}
