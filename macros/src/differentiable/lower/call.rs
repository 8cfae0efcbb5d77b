//! Lowers method calls, calls of other functions, and constants in the form of calls.

use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, Path, Token};

use super::{Lowering, constant};
use crate::differentiable::callee::{path_of, without_arguments};
use crate::differentiable::operation::{Callee, Constant, Exponent, METHODS, Operation, short};
use crate::differentiable::signature::Scalar;
use crate::differentiable::ssa::Id;
use crate::parse::text;

impl Lowering<'_> {
    pub fn method(&mut self, call: &ExprMethodCall) -> Option<Id> {
        let (name, x) = (call.method.to_string(), self.value(&call.receiver));
        let known = METHODS.iter().find(|(known, ..)| *known == name);
        let wanted = known.map_or(1, |(.., count)| *count);
        if known.is_none() && name != "powi" {
            x?; // not reported if the receiver has a mistake
            self.unsupported(&call.method);
            return None;
        }
        if call.args.len() != wanted {
            let arguments = if wanted == 1 { "argument" } else { "arguments" };
            let message = format!("`{name}` takes {wanted} {arguments}, but has {}", call.args.len());
            self.mistakes.add(&call.method, message);
            return None;
        }
        let Some((_, method, _)) = known else {
            let exponent = self.exponent(&call.args[0]);
            return Some(self.ssa.add(Operation::Powi(exponent?), &[x?]));
        };
        let arguments = self.arguments(&call.args)?;
        let operands: Vec<Id> = [x?].into_iter().chain(arguments).collect();
        Some(self.ssa.add(Operation::Method(*method), &operands))
    }

    fn exponent(&mut self, value: &Expr) -> Option<Exponent> {
        if let Some(wrong) = constant::wrong(value, &self.names, constant::is_exponent) {
            if !self.has_mistake(wrong.to_token_stream()) {
                let found = text(wrong);
                let message = format!(
                    "the exponent of `powi` must be an `i32` literal or const, not `{found}`: use `powf` for other exponents"
                );
                self.mistakes.add(wrong, message);
            }
            return None;
        }
        let whole: Option<i32> = constant::number(value).and_then(|number| number.to_string().parse().ok());
        let text = whole.map_or_else(|| text(value), |whole| whole.to_string());
        let tokens = match whole {
            Some(_) => quote!(#value),
            None => self.declare(quote!(::core::primitive::i32), value),
        };
        Some(Exponent { text, value: whole, tokens })
    }

    /// Lowers all arguments, even after a mistake, so that every mistake is reported.
    fn arguments(&mut self, arguments: &Punctuated<Expr, Token![,]>) -> Option<Vec<Id>> {
        let values: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
        values.into_iter().collect()
    }

    pub fn call(&mut self, call: &ExprCall) -> Option<Id> {
        let Some(ExprPath { qself: None, path, .. }) = path_of(&call.func) else { return self.refuse(&call.func) };
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (last, before) = names.split_last()?;
        if let Scalar::Generic(scalar) = &self.signature.scalar
            && before == [scalar.to_string()]
            && (last == "of" || call.args.is_empty())
        {
            return self.constant_call(call, last);
        }
        let of_a_type =
            before.last().is_some_and(|one| one.starts_with(char::is_uppercase) || ["f32", "f64"].contains(&&**one));
        if of_a_type && let Some((.., count)) = METHODS.iter().find(|(known, ..)| known == last) {
            let arguments = if *count == 0 { "" } else { "..." };
            self.mistakes.add(path, format!("use method syntax: `x.{last}({arguments})`"));
            return None;
        }
        if path.is_ident(self.signature.name()) {
            self.mistakes
                .add(path, format!("`{last}` is recursive, which is not supported in a differentiable function"));
            return None;
        }
        let arguments = self.arguments(&call.args)?;
        let callee = self.callee(path)?;
        Some(self.ssa.add(Operation::Call(callee), &arguments))
    }

    /// Finds a function in the list of callees, or adds it.
    fn callee(&mut self, path: &Path) -> Option<Callee> {
        let path = without_arguments(path);
        if let Some(callee) = self.callees.iter().find(|callee| callee.path == path) {
            return Some(callee.clone());
        }
        let name = path.segments.last()?.ident.clone();
        let callee = Callee { path, name, place: self.callees.len() };
        self.callees.push(callee.clone());
        Some(callee)
    }

    /// Lowers a constant such as `T::of(0.5)`, `T::one()` or `T::pi()`.
    fn constant_call(&mut self, call: &ExprCall, name: &str) -> Option<Id> {
        let (text, value) = match (name, call.args.first()) {
            ("zero", None) => ("0".to_owned(), Some(0.0)),
            ("one", None) => ("1".to_owned(), Some(1.0)),
            ("pi", None) => ("π".to_owned(), None),
            ("of", Some(value)) => {
                if let Some(wrong) = constant::wrong(value, &self.names, |literal| constant::is_float(literal, "f64")) {
                    let (scalar, found) = (self.signature.scalar.name(), text(wrong));
                    let float = match wrong {
                        Expr::Lit(literal) => constant::as_float(&literal.lit),
                        _ => None,
                    };
                    if let Some(float) = float {
                        self.mistakes.add(wrong, format!("`{found}` is not an `f64`: write `{float}`"));
                    } else if !self.has_mistake(wrong.to_token_stream()) {
                        self.mistakes.add(wrong, format!("`{scalar}::of` takes a literal or a const, not `{found}`"));
                    }
                    return None;
                }
                let number = constant::number(value);
                (number.map_or_else(|| text(value), short), number)
            }
            (other, _) => (other.to_owned(), None),
        };
        let tokens = match value {
            Some(_) => quote!(#call),
            None => self.declare(&self.signature.scalar, call),
        };
        Some(self.constant(Constant { text, value, tokens: Some(tokens) }))
    }
}
