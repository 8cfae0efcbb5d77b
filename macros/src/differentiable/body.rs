//! The function as it stays: as it was written, but that the functions it calls are found as their types are, and that
//! consts are taken from where they have the type that they have to have.

use syn::spanned::Spanned;
use syn::{Block, Expr, ExprMethodCall, ItemFn, Stmt, parse_quote};

use super::called;
use super::lower::Lowered;
use super::lower::constant::Kind;
use super::signature::Signature;

/// The function that stands beside its derivatives.
pub fn function(signature: &Signature, lowered: &Lowered) -> ItemFn {
    let mut function = signature.function.clone();
    Body { signature, lowered }.block(&mut function.block);
    function
}

struct Body<'a> {
    signature: &'a Signature<'a>,
    lowered: &'a Lowered,
}

/// Goes through all that a differentiable function can be made of.
impl Body<'_> {
    fn block(&self, block: &mut Block) {
        for statement in &mut block.stmts {
            match statement {
                Stmt::Local(local) => local.init.iter_mut().for_each(|init| self.value(&mut init.expr)),
                Stmt::Expr(value, _) => self.value(value),
                Stmt::Item(_) | Stmt::Macro(_) => {}
            }
        }
    }

    fn value(&self, value: &mut Expr) {
        match value {
            Expr::Paren(inner) => self.value(&mut inner.expr),
            Expr::Group(inner) => self.value(&mut inner.expr),
            Expr::Block(inner) => self.block(&mut inner.block),
            Expr::Unary(unary) => self.value(&mut unary.expr),
            Expr::Binary(binary) => {
                self.value(&mut binary.left);
                self.value(&mut binary.right);
            }
            Expr::Path(_) => self.constant(Kind::Number, value),
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => {
                if let Some(written) = called::path_of(&call.func)
                    && let path = called::without_arguments(&written.path)
                    && self.lowered.callees.iter().any(|callee| callee.path == path)
                {
                    let generic = written.path.segments.last().map(|last| &last.arguments);
                    *call.func = called::function(&path, generic, call.args.len());
                    call.args.iter_mut().for_each(|argument| self.value(argument));
                } else if call.args.is_empty() {
                    self.constant(Kind::Result, value);
                } else {
                    call.args.iter_mut().for_each(|argument| self.constant(Kind::Double, argument));
                }
            }
            _ => {}
        }
    }

    fn method(&self, call: &mut ExprMethodCall) {
        self.value(&mut call.receiver);
        let is_powi = call.method == "powi";
        for argument in &mut call.args {
            if is_powi { self.constant(Kind::Exponent, argument) } else { self.value(argument) }
        }
    }

    /// Takes a const from where it has that type.
    fn constant(&self, kind: Kind, value: &mut Expr) {
        let consts = &self.lowered.consts;
        if let Some(place) = consts.iter().position(|typed| typed.is(kind, value)) {
            // What clippy tells of a formula is told where it is, if its ends are where they were.
            let used = consts[place].used(place, self.signature);
            let used = called::at(used, value.span());
            *value = parse_quote!(#used);
        }
    }
}
