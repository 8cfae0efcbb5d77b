//! Lowers a function's body to a list of operations.

mod call;
mod constant;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{BinOp, Block, Expr, ExprLit, ExprPath, Ident, Local, Pat, Stmt, UnOp};

use super::names::Names;
use super::operation::{Callee, Constant, METHODS, Operation, short};
use super::signature::{Scalar, Signature};
use super::ssa::{Id, Ssa};
use crate::mistakes::Mistakes;
use crate::parse::text;

/// A function's body as a list of operations.
pub struct Lowered {
    pub ssa: Ssa,
    pub result: Id,
    /// All callees, including those whose results are unused.
    pub callees: Vec<Callee>,
    /// The types and values of constants that are not literals. Each is emitted once, so that a wrong type gives one error.
    pub constants: Vec<(TokenStream, TokenStream)>,
}

impl Lowered {
    /// A function that returns its first parameter.
    pub fn fallback(signature: &Signature) -> Self {
        let ssa = Ssa::new(signature.parameters.len());
        Self { ssa, result: 0, callees: Vec::new(), constants: Vec::new() }
    }
}

/// Lowers a function. Returns `None` after a mistake.
pub fn lower(signature: &Signature, mistakes: &mut Mistakes) -> Option<Lowered> {
    let ssa = Ssa::new(signature.parameters.len());
    let names = Names::new(&signature.parameters);
    let mut lowering = Lowering { signature, ssa, names, callees: Vec::new(), constants: Vec::new(), mistakes };
    let result = lowering.block(&signature.function.block)?;
    let Lowering { mut ssa, callees, constants, .. } = lowering;
    let result = ssa.prune(result);
    Some(Lowered { ssa, result, callees, constants })
}

/// Lists the supported syntax, for error messages.
pub fn supported() -> String {
    let methods: Vec<&str> = METHODS.iter().map(|(name, ..)| *name).chain(["powi"]).collect();
    format!(
        "use `+ - * /`, numbers, `let`, calls of other differentiable functions and the methods `{}`",
        methods.join(" ")
    )
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
        let (result, before) = match block.stmts.split_last() {
            Some((Stmt::Expr(value, None), before)) => (Some(value), before),
            _ => (None, &block.stmts[..]),
        };
        for statement in before {
            self.statement(statement);
        }
        if let Some(Stmt::Local(_)) | None = block.stmts.last() {
            let message = "the result is missing: end the block with an expression without a semicolon";
            self.mistakes.add_at(block.brace_token.span.close(), message);
        }
        let result = result.and_then(|value| self.value(value));
        self.names.truncate(names);
        result
    }

    /// Lowers a statement before the result of a block: a `let`, or a mistake.
    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Expr(value, semicolon) => {
                if self.value(value).is_some() {
                    let message = "this value is unused: bind it with `let`, or write it last, without a semicolon, as the result";
                    match semicolon {
                        Some(semicolon) => self.mistakes.add(semicolon, message),
                        None => self.mistakes.add(value, message),
                    }
                }
            }
            Stmt::Item(item) => self.unsupported(first(item)),
            Stmt::Macro(call) => self.unsupported(&call.mac.path),
        }
    }

    fn local(&mut self, local: &Local) {
        if let Some(attribute) = local.attrs.first() {
            self.unsupported(attribute);
        }
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        if !matches!(pattern, Pat::Ident(_) | Pat::Wild(_)) {
            self.mistakes.add(pattern, "a `let` in a differentiable function must bind a name, not a pattern");
            return self.poison(pattern.to_token_stream());
        }
        let mut value = None;
        match &local.init {
            Some(init) => value = self.value(&init.expr),
            None => self.mistakes.add(pattern, format!("`{0}` has no value: write `let {0} = ...;`", text(pattern))),
        }
        if let Pat::Ident(name) = pattern {
            self.check_hygiene(&name.ident);
            self.names.add(&name.ident, value);
        }
    }

    /// Reports a name that differs only by macro hygiene from another one in scope.
    fn check_hygiene(&mut self, name: &Ident) {
        if self.names.differs_by_hygiene(name) {
            let message = format!(
                "`{name}` refers to two variables here, one from the macro and one from its caller: rename one of them"
            );
            self.mistakes.add(name, message);
        }
    }

    /// Marks the names in a pattern as mistakes, so that their uses are not reported again.
    fn poison(&mut self, pattern: TokenStream) {
        for token in pattern {
            match token {
                TokenTree::Ident(name) => self.names.add(&name, None),
                TokenTree::Group(group) => self.poison(group.stream()),
                _ => {}
            }
        }
    }

    /// Lowers an expression. Returns `None` after a mistake, which is then reported.
    fn value(&mut self, value: &Expr) -> Option<Id> {
        match value {
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Block(block) if block.label.is_none() => self.block(&block.block),
            Expr::Lit(literal) => self.literal(literal),
            Expr::Path(path) => self.name(path),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let x = self.value(&unary.expr)?;
                Some(match constant::number(value) {
                    Some(number) => {
                        self.constant(Constant { tokens: Some(quote!(#unary)), ..Constant::number(number) })
                    }
                    None => self.ssa.add(Operation::Neg, &[x]),
                })
            }
            Expr::Binary(binary) => {
                let operation = match binary.op {
                    BinOp::Add(_) => Operation::Add,
                    BinOp::Sub(_) => Operation::Sub,
                    BinOp::Mul(_) => Operation::Mul,
                    BinOp::Div(_) => Operation::Div,
                    _ => return self.refuse(value),
                };
                let [x, y] = [self.value(&binary.left), self.value(&binary.right)];
                Some(self.ssa.add(operation, &[x?, y?]))
            }
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.call(call),
            _ => self.refuse(value),
        }
    }

    /// Reports an unsupported expression, unless it contains a mistake that is reported already.
    fn refuse(&mut self, value: &Expr) -> Option<Id> {
        if !self.has_mistake(value.to_token_stream()) {
            match value {
                Expr::Paren(one) => return self.refuse(&one.expr),
                Expr::Binary(one) => self.unsupported(one.op),
                Expr::Assign(one) => self.unsupported(one.eq_token),
                Expr::Cast(one) => self.unsupported(one.as_token),
                Expr::Closure(_) | Expr::Field(_) | Expr::Index(_) | Expr::Range(_) | Expr::Try(_) => {
                    self.unsupported(value);
                }
                _ => self.unsupported(first(value)),
            }
        }
        if let Expr::Assign(assignment) = value {
            self.poison(assignment.left.to_token_stream());
        }
        None
    }

    /// Returns true if the tokens contain the name of a value with a mistake.
    fn has_mistake(&self, value: TokenStream) -> bool {
        value.into_iter().any(|token| match token {
            TokenTree::Ident(name) => self.names.get(&name).is_some_and(|found| found.value.is_none()),
            TokenTree::Group(group) => self.has_mistake(group.stream()),
            _ => false,
        })
    }

    fn unsupported(&mut self, tokens: impl ToTokens) {
        let found = text(&tokens).replace(" . ", ".");
        let message = format!("`{found}` is not supported in a differentiable function: {}", supported());
        self.mistakes.add(tokens, message);
    }

    /// Resolves a path to a parameter, a `let` binding or a const.
    fn name(&mut self, path: &ExprPath) -> Option<Id> {
        if let Some(found) = path.path.get_ident().and_then(|name| self.names.get(name)) {
            return found.value;
        }
        let (name, first, last) = (text(path), path.path.segments.first(), path.path.segments.last());
        let message = match &self.signature.scalar {
            Scalar::Generic(scalar) if constant::is_const(path) => format!(
                "`{name}` is not a `{scalar}`: write `{scalar}::of({name})` for a const, or a call such as `{scalar}::pi()`"
            ),
            Scalar::Generic(scalar) if first.is_some_and(|first| first.ident == *scalar) => {
                format!("`{name}` is a function: write `{name}()`")
            }
            Scalar::Primitive(_) if constant::is_const(path) => {
                let text = last.map_or(name, |last| last.ident.to_string());
                let tokens = self.declare(&self.signature.scalar, path);
                return Some(self.constant(Constant { text, value: None, tokens: Some(tokens) }));
            }
            _ => format!("cannot find `{name}`: it is neither a parameter, nor an earlier `let`, nor a const"),
        };
        self.mistakes.add(path, message);
        None
    }

    /// Declares a constant, and returns a call of the function that returns it.
    fn declare(&mut self, kind: impl ToTokens, value: impl ToTokens) -> TokenStream {
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
        let (scalar, source) = (&self.signature.scalar, text(literal));
        let message = match (scalar, constant::as_float(&literal.lit)) {
            (Scalar::Primitive(_), _) if constant::is_float(&literal.lit, &scalar.name()) => {
                let value = constant::number(&Expr::Lit(literal.clone()));
                let text = value.map_or(source, short);
                return Some(self.constant(Constant { text, value, tokens: Some(quote!(#literal)) }));
            }
            (_, None) => format!("`{source}` is not a number"),
            (Scalar::Generic(name), Some(float)) => {
                format!("`{source}` is not a `{name}`: write `{name}::of({float})`")
            }
            (Scalar::Primitive(_), Some(float)) => {
                format!("`{source}` is not an `{}`: write `{float}`", scalar.name())
            }
        };
        self.mistakes.add(literal, message);
        None
    }
}

/// The name of the function that returns a constant.
pub fn constant_name(place: usize) -> Ident {
    format_ident!("__constant{place}", span = Span::mixed_site())
}

/// The first token, which names most unsupported syntax: a keyword or an operator.
fn first(tokens: impl ToTokens) -> Option<TokenTree> {
    tokens.into_token_stream().into_iter().next()
}
