//! What a differentiable function cannot be made of: where it stands, and what it is called.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, BinOp, Expr, ExprField, Member};

use crate::differentiable::operation::METHODS;
use crate::parse::text;

/// What it can be made of.
pub fn supported() -> String {
    let methods: Vec<&str> = METHODS.iter().map(|(name, ..)| *name).chain(["powi"]).collect();
    format!(
        "it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `{}`",
        methods.join(" ")
    )
}

/// The attributes of what would be supported without.
pub fn attributes(value: &Expr) -> &[Attribute] {
    match value {
        Expr::Paren(one) => &one.attrs,
        Expr::Group(one) => &one.attrs,
        Expr::Block(one) => &one.attrs,
        Expr::Lit(one) => &one.attrs,
        Expr::Path(one) => &one.attrs,
        Expr::Unary(one) => &one.attrs,
        Expr::Binary(one) => &one.attrs,
        Expr::MethodCall(one) => &one.attrs,
        Expr::Call(one) => &one.attrs,
        _ => &[],
    }
}

/// The tokens that are not supported, and what they are called.
pub fn unsupported(value: &Expr) -> (TokenStream, String) {
    let tokens = match value {
        Expr::If(one) => one.if_token.to_token_stream(),
        Expr::Match(one) => one.match_token.to_token_stream(),
        Expr::ForLoop(one) => one.for_token.to_token_stream(),
        Expr::While(one) => one.while_token.to_token_stream(),
        Expr::Loop(one) => one.loop_token.to_token_stream(),
        Expr::Return(one) => one.return_token.to_token_stream(),
        Expr::Break(one) => one.break_token.to_token_stream(),
        Expr::Continue(one) => one.continue_token.to_token_stream(),
        Expr::Unsafe(one) => one.unsafe_token.to_token_stream(),
        Expr::Let(one) => one.let_token.to_token_stream(),
        Expr::Cast(one) => one.as_token.to_token_stream(),
        Expr::Binary(one) => one.op.to_token_stream(),
        Expr::Assign(one) => one.eq_token.to_token_stream(),
        Expr::Reference(one) => one.and_token.to_token_stream(),
        Expr::Unary(one) => one.op.to_token_stream(),
        Expr::Try(one) => one.question_token.to_token_stream(),
        Expr::Await(one) => one.await_token.to_token_stream(),
        Expr::Range(one) => one.limits.to_token_stream(),
        Expr::Field(one) => return (one.member.to_token_stream(), "a field".to_owned()),
        Expr::Async(one) => one.async_token.to_token_stream(),
        Expr::Block(one) => return (one.label.to_token_stream(), "a label".to_owned()),
        Expr::Macro(one) => return (one.mac.path.to_token_stream(), format!("`{}!`", text(&one.mac.path))),
        Expr::Closure(one) => return (one.inputs_begin.to_token_stream(), "a closure".to_owned()),
        Expr::Index(one) => return (at(one.bracket_token.span.open()), "indexing".to_owned()),
        Expr::Tuple(one) => return (at(one.paren_token.span.open()), "a tuple".to_owned()),
        Expr::Array(one) => return (at(one.bracket_token.span.open()), "an array".to_owned()),
        Expr::Repeat(one) => return (at(one.bracket_token.span.open()), "an array".to_owned()),
        Expr::Paren(one) => return unsupported(&one.expr),
        Expr::Const(one) => return (one.const_token.to_token_stream(), "a `const` block".to_owned()),
        Expr::Struct(one) => return (one.path.to_token_stream(), "a struct".to_owned()),
        other => other.to_token_stream(),
    };
    let name = format!("`{}`", text(&tokens));
    (tokens, name)
}

/// The name of a method that is written like a field.
pub fn method_without_parentheses(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Field(ExprField { member: Member::Named(name), .. }) => {
            METHODS.iter().any(|(method, ..)| name == method).then_some(name)
        }
        _ => None,
    }
}

/// What something that is not supported is done to, if it is one value: part of it is taken, or it is changed.
pub fn part_of(value: &Expr) -> Option<&Expr> {
    match value {
        Expr::Paren(one) => Some(&one.expr),
        Expr::Group(one) => Some(&one.expr),
        Expr::Field(one) => Some(&one.base),
        Expr::Index(one) => Some(&one.expr),
        Expr::Unary(one) => Some(&one.expr),
        Expr::Reference(one) => Some(&one.expr),
        Expr::Cast(one) => Some(&one.expr),
        Expr::MethodCall(one) => Some(&one.receiver),
        Expr::Try(one) => Some(&one.expr),
        Expr::Assign(one) => Some(&one.left),
        Expr::Binary(one) if is_assignment(&one.op) => Some(&one.left),
        _ => None,
    }
}

fn is_assignment(operator: &BinOp) -> bool {
    operator.to_token_stream().to_string().ends_with('=')
        && !matches!(operator, BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Le(_) | BinOp::Ge(_))
}

/// A token at that place, to point at.
fn at(place: Span) -> TokenStream {
    Ident::new("_", place).to_token_stream()
}
