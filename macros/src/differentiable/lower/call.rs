//! Methods, calls of other functions, and constants that are written as calls.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprMethodCall, ExprPath, Path, Token};

use super::{Lowering, constant};
use crate::differentiable::callee::{path_of, without_arguments};
use crate::differentiable::names::Meaning;
use crate::differentiable::operation::{Callee, Constant, Exponent, METHODS, Operation, short};
use crate::differentiable::signature::Scalar;
use crate::differentiable::ssa::Id;
use crate::parse::text;

impl Lowering<'_> {
    pub fn method(&mut self, call: &ExprMethodCall) -> Option<Id> {
        let name = call.method.to_string();
        if name == "powi" && call.args.len() == 1 {
            let (x, exponent) = (self.value(&call.receiver), self.exponent(&call.args[0]));
            return Some(self.ssa.add(Operation::Powi(exponent?), &[x?]));
        }
        let receiver = self.value(&call.receiver);
        let Some((_, method, count)) = METHODS.iter().find(|(known, ..)| *known == name) else {
            if receiver.is_none() {
                // What stands for a mistake may have any methods.
            } else if name == "powi" {
                self.mistakes.add(&call.method, "`powi` takes one argument, a whole number");
            } else {
                self.unsupported_at(&call.method, &format!("the method `{name}`"));
            }
            return None;
        };
        let arguments = self.arguments(&call.args)?;
        if arguments.len() != *count {
            let (found, wanted) =
                (arguments.len(), if *count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") });
            self.mistakes.add(&call.method, format!("`{name}` takes {wanted}, but has {found}"));
            return None;
        }
        let operands: Vec<Id> = [receiver?].into_iter().chain(arguments).collect();
        Some(self.ssa.add(Operation::Method(*method), &operands))
    }

    fn exponent(&mut self, value: &Expr) -> Option<Exponent> {
        if let Err(wrong) = constant::check(value, &self.names) {
            if self.is_mistaken(wrong) {
                return None;
            }
            self.mistakes.add(wrong, "the exponent of `powi` is a whole number or a const; `powf` takes a value");
            return None;
        }
        if let Some(wrong) = constant::misfit(value, constant::is_exponent) {
            let message = format!("the exponent of `powi` is an `i32`, not `{}`; `powf` takes a value", text(wrong));
            self.mistakes.add(wrong, message);
            return None;
        }
        let whole = constant::whole(value);
        let text = whole.map_or_else(|| text(value), |whole| whole.to_string());
        let tokens = match whole {
            Some(_) => quote!(#value),
            None => self.declared(quote!(::core::primitive::i32), value),
        };
        Some(Exponent { text, value: whole, tokens })
    }

    fn arguments(&mut self, arguments: &Punctuated<Expr, Token![,]>) -> Option<Vec<Id>> {
        // All of them are looked at, so that each mistake is found.
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
            before.last().is_some_and(|one| one.starts_with(char::is_uppercase) || constant::is_primitive(one));
        if of_a_type && let Some((.., count)) = METHODS.iter().find(|(known, ..)| known == last) {
            let arguments = if *count == 0 { "" } else { "..." };
            self.mistakes.add(path, format!("write the method after its number: `x.{last}({arguments})`"));
            return None;
        }
        let is_keyword = ["self", "super", "crate"].contains(&last.as_str());
        if of_a_type || is_keyword || last.starts_with(char::is_uppercase) || constant::is_primitive(last) {
            self.unsupported_at(path, &format!("`{}(...)`", text(path)));
            return None;
        }
        if let Some(meaning) = path.get_ident().and_then(|name| self.names.find(name)) {
            // What the name stands for may be a mistake, which is reported already.
            if meaning != Meaning::Mistake {
                let message =
                    format!("`{last}` is a number here, not a function: a number hides the function of its name");
                self.mistakes.add(path, message);
            }
            return None;
        }
        let is_here = before.iter().all(|module| module == "self");
        if is_here && path.segments.last().is_some_and(|segment| segment.ident == *self.signature.name()) {
            self.mistakes.add(path, format!("`{last}` calls itself: its derivative would have no end"));
            return None;
        }
        let arguments = self.arguments(&call.args)?;
        if arguments.is_empty() {
            self.mistakes.add(path, format!("`{last}` gets no number: a differentiable function takes at least one"));
            return None;
        }
        let callee = self.callee(path)?;
        Some(self.ssa.add(Operation::Call(callee), &arguments))
    }

    /// The function of that path, which is listed.
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

    /// `T::of(0.5)`, `T::one()`, `T::pi()`.
    fn constant_call(&mut self, call: &ExprCall, name: &str) -> Option<Id> {
        let (text, value) = match (name, call.args.first()) {
            ("zero", None) => ("0".to_owned(), Some(0.0)),
            ("one", None) => ("1".to_owned(), Some(1.0)),
            ("pi", None) => ("π".to_owned(), None),
            ("of", Some(value)) if call.args.len() == 1 => {
                if let Err(wrong) = constant::check(value, &self.names) {
                    if self.is_mistaken(wrong) {
                        return None;
                    }
                    let scalar = self.signature.scalar.name();
                    self.mistakes.add(wrong, format!("`{scalar}::of` takes a number or a const"));
                    return None;
                }
                if let Some(wrong) = constant::misfit(value, constant::is_double) {
                    let message = format!("`{}` is not an `f64`: write `{}`", text(wrong), constant::as_float(wrong));
                    self.mistakes.add(wrong, message);
                    return None;
                }
                let number = constant::number(value);
                (number.map_or_else(|| text(value), short), number)
            }
            ("of", _) => {
                let found = call.args.len();
                self.mistakes.add(&call.func, format!("`{}` takes one number, but has {found}", text(&call.func)));
                return None;
            }
            (other, _) => (other.to_owned(), None),
        };
        let tokens = match value {
            Some(_) => quote!(#call),
            None => self.declared(&self.signature.scalar, call),
        };
        Some(self.constant(Constant { text, value, tokens: Some(tokens) }))
    }
}
