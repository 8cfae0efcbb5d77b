//! From the function's body to the list of its operations.

mod call;
mod constant;
mod unsupported;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{
    BinOp, Block, Expr, ExprAssign, ExprLit, ExprPath, ExprUnary, Ident, Item, Lit, Local, Pat, Path, Stmt, UnOp,
};

use super::names::{Meaning, Names};
use super::operation::{Callee, Constant, Operation, short};
use super::signature::{Scalar, Signature, check_name, is_of};
use super::ssa::{Id, Ssa};
use crate::mistakes::Mistakes;
use crate::parse::{text, type_text};
pub use unsupported::supported;
use unsupported::{attributes, method_without_parentheses, part_of, unsupported};

/// A body that is understood.
pub struct Lowered {
    pub ssa: Ssa,
    pub result: Id,
    /// The functions that are called, whether their results are used or not.
    pub callees: Vec<Callee>,
    /// The types and values of constants that are not literals. Each is written once, so that a wrong type is one error.
    pub constants: Vec<(TokenStream, TokenStream)>,
}

impl Lowered {
    /// The function that returns its first parameter.
    pub fn fallback(signature: &Signature) -> Self {
        Self { ssa: Ssa::new(signature.parameters.len()), result: 0, callees: Vec::new(), constants: Vec::new() }
    }
}

/// The operations of the function; `None` after a mistake.
pub fn lower(signature: &Signature, mistakes: &mut Mistakes) -> Option<Lowered> {
    let ssa = Ssa::new(signature.parameters.len());
    let names = Names::new(&signature.parameters);
    let mut lowering = Lowering { signature, ssa, names, callees: Vec::new(), constants: Vec::new(), mistakes };
    let result = lowering.block(&signature.function.block)?;
    let Lowering { mut ssa, callees, constants, .. } = lowering;
    let result = ssa.prune(result);
    Some(Lowered { ssa, result, callees, constants })
}

struct Lowering<'a> {
    signature: &'a Signature<'a>,
    ssa: Ssa,
    names: Names,
    callees: Vec<Callee>,
    constants: Vec<(TokenStream, TokenStream)>,
    mistakes: &'a mut Mistakes,
}

impl Lowering<'_> {
    fn block(&mut self, block: &Block) -> Option<Id> {
        let names = self.names.count();
        let mut good = true;
        let statements: Vec<&Stmt> = block.stmts.iter().filter(|statement| !is_empty(statement)).collect();
        let (last, before) = match statements.split_last() {
            Some((last, before)) => (Some(*last), before),
            None => (None, &[][..]),
        };
        for (place, statement) in before.iter().enumerate() {
            good &= goes_on(&statements[..=place]) || self.statement(statement);
        }
        let result = match last {
            Some(Stmt::Expr(..)) if goes_on(&statements) => None,
            Some(Stmt::Expr(value, None)) => self.value(value),
            Some(Stmt::Expr(value, Some(semicolon))) => {
                if self.value(value).is_some() {
                    self.mistakes.add(semicolon, "the result is the last value, without a semicolon");
                }
                None
            }
            other => {
                if other.is_none_or(|statement| self.statement(statement)) {
                    let message = "the result is missing: the last line is a value without a semicolon";
                    self.mistakes.add_at(block.brace_token.span.close(), message);
                }
                None
            }
        };
        self.names.leave(names);
        result.filter(|_| good)
    }

    /// What is not the last in a block: a `let`, or a mistake.
    fn statement(&mut self, statement: &Stmt) -> bool {
        match statement {
            Stmt::Local(local) => {
                self.local(local);
                return true;
            }
            Stmt::Expr(Expr::Assign(assignment), _) if self.declares(assignment) => {}
            Stmt::Expr(value, _) => {
                if self.value(value).is_some() {
                    self.mistakes.add(value, "this value is not used: name it by `let`, or leave it out");
                }
            }
            Stmt::Item(item) => {
                self.unsupported_at(item, "an item");
                if let Some(name) = name_of(item) {
                    self.names.add(name, None);
                }
            }
            Stmt::Macro(call) => self.unsupported_at(&call.mac.path, &format!("`{}!`", text(&call.mac.path))),
        }
        false
    }

    /// Whether it gives a value to a name that is not there: then `let` is missing.
    fn declares(&mut self, assignment: &ExprAssign) -> bool {
        let Expr::Path(ExprPath { path, .. }) = &*assignment.left else { return false };
        let Some(name) = path.get_ident().filter(|name| self.names.find(name).is_none()) else { return false };
        let message = format!("there is no `{name}` here to change: a new value is named by `let {name} = ...;`");
        self.mistakes.add(name, message);
        self.value(&assignment.right);
        self.names.add(name, None);
        true
    }

    fn local(&mut self, local: &Local) {
        if let Some(attribute) = local.attrs.first() {
            self.mistakes.add(attribute, "a `let` of a differentiable function takes no attributes");
        }
        let (pattern, kind) = match &local.pat {
            Pat::Type(typed) => (bare(&typed.pat), Some(&*typed.ty)),
            other => (bare(other), None),
        };
        let name = match pattern {
            Pat::Ident(name) => Some(name),
            Pat::Wild(_) => None,
            _ => {
                self.mistakes.add(pattern, "a `let` of a differentiable function names one value: it has no pattern");
                return self.poison(pattern.to_token_stream());
            }
        };
        let good = name.is_none_or(|name| check_name(name, self.mistakes) && self.is_alone(&name.ident));
        let wrong = kind.filter(|kind| text(*kind) != "_" && !is_of(kind, &self.signature.scalar));
        if let Some(kind) = wrong {
            let scalar = self.signature.scalar.name();
            let message = format!("all numbers of this function are of the type `{scalar}`, not `{}`", type_text(kind));
            self.mistakes.add(kind, message);
        }
        let value = match &local.init {
            Some(init) if wrong.is_some() && is_literal(&init.expr) => None, // it may be of that type
            Some(init) if init.diverge.is_none() => self.value(&init.expr),
            Some(init) => {
                let token = init.diverge.as_ref().map(|(token, _)| token);
                self.mistakes.add(token, "a `let` of a differentiable function has no `else`");
                None
            }
            None => {
                let name = text(pattern);
                self.mistakes.add(pattern, format!("`{name}` gets no value: write `let {name} = ...;`"));
                None
            }
        };
        if let Some(name) = name {
            self.names.add(&name.ident, value.filter(|_| good && wrong.is_none()));
        }
    }

    /// Whether no other name that is written alike is in scope.
    fn is_alone(&mut self, name: &Ident) -> bool {
        let alone = !self.names.only_looks_alike(name);
        if !alone {
            let message = format!(
                "`{name}` is two names here, the macro's own and one that it was given, which derivatives cannot tell apart: rename one of them"
            );
            self.mistakes.add(name, message);
        }
        alone
    }

    /// The names in a pattern are known, and wrong.
    fn poison(&mut self, pattern: TokenStream) {
        for token in pattern {
            match token {
                TokenTree::Ident(name) => self.names.add(&name, None),
                TokenTree::Group(group) => self.poison(group.stream()),
                _ => {}
            }
        }
    }

    /// The place of a value; `None` after a mistake, which is reported.
    fn value(&mut self, value: &Expr) -> Option<Id> {
        if let Some(attribute) = attributes(value).first() {
            self.unsupported_at(attribute, "an attribute");
            return None;
        }
        match value {
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block),
            Expr::Lit(literal) => self.literal(literal),
            Expr::Path(path) => self.name(path),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let x = self.value(&unary.expr)?;
                Some(self.negated(unary, x))
            }
            Expr::Binary(binary) => {
                let operation = match binary.op {
                    BinOp::Add(_) => Some(Operation::Add),
                    BinOp::Sub(_) => Some(Operation::Sub),
                    BinOp::Mul(_) => Some(Operation::Mul),
                    BinOp::Div(_) => Some(Operation::Div),
                    _ => None,
                };
                let Some(operation) = operation else { return self.refuse(value) };
                let [x, y] = self.both(&binary.left, &binary.right);
                Some(self.ssa.add(operation, &[x?, y?]))
            }
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.call(call),
            _ => self.refuse(value),
        }
    }

    /// `-x`, which is a number like any other where `x` is a literal.
    fn negated(&mut self, unary: &ExprUnary, x: Id) -> Id {
        let value = self.ssa.constant(x).and_then(|constant| constant.value).filter(|_| is_literal(&unary.expr));
        match value {
            Some(value) => {
                self.constant(Constant { text: short(-value), value: Some(-value), tokens: Some(quote!(#unary)) })
            }
            None => self.ssa.add(Operation::Neg, &[x]),
        }
    }

    /// Both operands. What a mistake gives may be of any type, so a literal beside it is not looked at.
    fn both(&mut self, left: &Expr, right: &Expr) -> [Option<Id>; 2] {
        if is_literal(left) {
            let y = self.value(right);
            return [y.and_then(|_| self.value(left)), y];
        }
        let x = self.value(left);
        let looked_at = x.is_some() || !is_literal(right);
        [x, looked_at.then(|| self.value(right)).flatten()]
    }

    fn refuse(&mut self, value: &Expr) -> Option<Id> {
        let is_mistaken = matches!(value, Expr::Macro(_)) && self.is_mistaken(value)
            || part_of(value).is_some_and(|part| self.is_mistaken(part));
        if !is_mistaken {
            match method_without_parentheses(value) {
                Some(method) => self.mistakes.add(method, format!("`{method}` is a method: write `.{method}()`")),
                None => {
                    let (tokens, found) = unsupported(value);
                    self.unsupported_at(tokens, &found);
                }
            }
        }
        None
    }

    /// Whether it is a name that stands for a mistake, which is reported already: a tuple, or what is changed.
    fn is_mistaken(&self, value: &Expr) -> bool {
        let is_mistaken =
            |path: &Path| path.get_ident().and_then(|name| self.names.find(name)) == Some(Meaning::Mistake);
        match value {
            Expr::Path(path) => is_mistaken(&path.path),
            Expr::Macro(call) => is_mistaken(&call.mac.path),
            other => part_of(other).is_some_and(|part| self.is_mistaken(part)),
        }
    }

    fn unsupported_at(&mut self, tokens: impl ToTokens, found: &str) {
        self.mistakes.add(tokens, format!("{found} is not supported in a differentiable function: {}", supported()));
    }

    /// A parameter, what a `let` has named, or a const.
    fn name(&mut self, path: &ExprPath) -> Option<Id> {
        if let Some(meaning) = path.path.get_ident().and_then(|name| self.names.find(name)) {
            return meaning.value();
        }
        let name = text(path);
        if let Some(message) = self.no_number(path, &name) {
            self.mistakes.add(path, message);
            return None;
        }
        let last = path.path.segments.last().map(|last| last.ident.to_string());
        let tokens = self.declared(&self.signature.scalar, path);
        Some(self.constant(Constant { text: last.unwrap_or(name), value: None, tokens: Some(tokens) }))
    }

    /// Why a path is no number here, if it is none.
    fn no_number(&self, path: &ExprPath, name: &str) -> Option<String> {
        let first = path.path.segments.first().map(|first| first.ident.to_string()).filter(|_| path.qself.is_none());
        match &self.signature.scalar {
            Scalar::Generic(scalar) if scalar == name => Some(format!("`{name}` is a type, not a number")),
            Scalar::Generic(scalar) if first.is_some_and(|first| scalar == &first) => {
                Some(if constant::is_const(path) {
                    format!(
                        "`{name}` is no number of this function: what every `{scalar}` has are functions, such as `{scalar}::pi()`; of a const of your own that is an `f64`, `{scalar}::of({name})` makes one"
                    )
                } else {
                    let argument = if name.ends_with("::of") { "0.5" } else { "" };
                    format!("`{name}` is a function: write `{name}({argument})`")
                })
            }
            _ if !constant::is_const(path) => {
                Some(format!("there is no `{name}` here: neither a parameter, nor a `let` before this, nor a const"))
            }
            Scalar::Generic(scalar) => {
                Some(format!("a const in a function of `{scalar}` is written `{scalar}::of({name})`"))
            }
            Scalar::Primitive(_) => None,
        }
    }

    /// A call of the function that returns that constant.
    fn declared(&mut self, kind: impl ToTokens, value: impl ToTokens) -> TokenStream {
        let (kind, value) = (kind.into_token_stream(), value.into_token_stream());
        let is_same = |(k, v): &(TokenStream, TokenStream)| (text(k), text(v)) == (text(&kind), text(&value));
        let place = self.constants.iter().position(is_same).unwrap_or_else(|| {
            self.constants.push((kind, value));
            self.constants.len() - 1
        });
        let (name, scalar, mut function) =
            (constant_name(place), &self.signature.scalar, self.signature.name().clone());
        function.set_span(Span::mixed_site());
        quote!(<#function<#scalar>>::#name())
    }

    fn constant(&mut self, constant: Constant) -> Id {
        self.ssa.add(Operation::Constant(constant), &[])
    }

    fn literal(&mut self, literal: &ExprLit) -> Option<Id> {
        let scalar = self.signature.scalar.name();
        let written = text(literal);
        let message = match (&literal.lit, &self.signature.scalar) {
            (number, _) if constant::wrong_suffix(number).is_some() => {
                let suffix = constant::wrong_suffix(number).unwrap_or_default();
                format!("`{written}` is not a number: there is no type `{suffix}` of numbers")
            }
            (Lit::Int(_) | Lit::Float(_), Scalar::Generic(_)) => {
                format!("`{written}` is not a `{scalar}`: write `{scalar}::of({})`", constant::as_float(&literal.lit))
            }
            (number, Scalar::Primitive(_)) if constant::is_float(number, &scalar) => {
                let value = constant::number(&Expr::Lit(literal.clone()));
                let text = value.map_or(written, short);
                return Some(self.constant(Constant { text, value, tokens: Some(quote!(#literal)) }));
            }
            (number, Scalar::Primitive(_)) if ["f32", "f64"].iter().any(|kind| constant::is_float(number, kind)) => {
                format!("`{written}` is not an `{scalar}`: write `{}`", constant::as_float(number))
            }
            (Lit::Int(_), Scalar::Primitive(_)) => {
                format!(
                    "`{written}` is a whole number, not an `{scalar}`: write `{}`",
                    constant::as_float(&literal.lit)
                )
            }
            _ => format!("`{written}` is not a number"),
        };
        self.mistakes.add(literal, message);
        None
    }
}

/// The name of the function that returns a constant.
pub fn constant_name(place: usize) -> Ident {
    format_ident!("__constant{place}", span = Span::mixed_site())
}

/// A pattern without parentheses.
fn bare(pattern: &Pat) -> &Pat {
    match pattern {
        Pat::Paren(inner) => bare(&inner.pat),
        other => other,
    }
}

/// Whether the last of these is meant to go on with a block that is a mistake: Rust ends a statement after `const { 2.0 }`,
/// and takes the `*` behind it for another operator.
fn goes_on(statements: &[&Stmt]) -> bool {
    let [.., Stmt::Expr(_, None), Stmt::Expr(value, _)] = statements else { return false };
    let first = value.to_token_stream().into_iter().next();
    matches!(first, Some(TokenTree::Punct(operator)) if operator.as_char() == '*')
}

/// Whether it is a semicolon alone, which does nothing.
fn is_empty(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(Expr::Verbatim(tokens), Some(_)) if tokens.is_empty())
}

/// The name of a value that is declared in the body.
fn name_of(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        _ => None,
    }
}

/// Whether it is a number as it is written.
fn is_literal(value: &Expr) -> bool {
    match value {
        Expr::Paren(inner) => is_literal(&inner.expr),
        Expr::Group(inner) => is_literal(&inner.expr),
        Expr::Unary(unary) => is_literal(&unary.expr),
        other => matches!(other, Expr::Lit(_)),
    }
}
