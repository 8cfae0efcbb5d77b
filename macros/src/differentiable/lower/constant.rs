//! Recognizes constants: literals, consts and expressions of them.

use syn::{BinOp, Expr, ExprLit, ExprPath, Lit, UnOp};

use crate::differentiable::names::Names;

/// Returns true if a path is in upper case, as names of consts are.
pub fn is_const(path: &ExprPath) -> bool {
    let last = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    last.trim_start_matches('_').starts_with(char::is_uppercase) && !last.contains(char::is_lowercase)
}

/// The first part of an expression that is not allowed in a constant. Consts, literals that fit and casts are allowed.
pub fn wrong<'a>(value: &'a Expr, names: &Names, fits: fn(&Lit) -> bool) -> Option<&'a Expr> {
    match value {
        Expr::Lit(literal) => (!fits(&literal.lit)).then_some(value),
        Expr::Path(path) if is_const(path) && path.path.get_ident().is_none_or(|name| names.get(name).is_none()) => {
            None
        }
        Expr::Paren(inner) => wrong(&inner.expr, names, fits),
        Expr::Group(inner) => wrong(&inner.expr, names, fits),
        Expr::Cast(cast) => wrong(&cast.expr, names, |_| true),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => wrong(&unary.expr, names, fits),
        Expr::Binary(binary) if matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_)) => {
            wrong(&binary.left, names, fits).or_else(|| wrong(&binary.right, names, fits))
        }
        other => Some(other),
    }
}

/// Returns true for an `i32` literal.
pub fn is_exponent(literal: &Lit) -> bool {
    matches!(literal, Lit::Int(number) if ["", "i32"].contains(&number.suffix()))
}

/// Returns true for a literal of a floating-point type.
pub fn is_float(literal: &Lit, kind: &str) -> bool {
    let kind = kind.rsplit("::").next();
    match literal {
        Lit::Float(number) => number.suffix().is_empty() || kind == Some(number.suffix()),
        Lit::Int(number) => kind == Some(number.suffix()),
        _ => false,
    }
}

/// The value of a literal, which may have a minus sign.
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

/// The text of a numeric literal as a float, without a suffix.
pub fn as_float(literal: &Lit) -> Option<String> {
    let digits = match literal {
        Lit::Int(number) => number.base10_digits(),
        Lit::Float(number) => number.base10_digits(),
        _ => return None,
    };
    Some(if digits.contains(['.', 'e', 'E']) { digits.to_owned() } else { format!("{digits}.0") })
}
