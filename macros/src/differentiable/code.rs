//! Generates Rust code for operations, one `let` for each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::callee::call_type;
use super::operation::{Callee, Constant, Method, Operation};
use super::signature::Signature;
use super::ssa::{Id, Ssa};

/// A generator of code for operations.
pub struct Code<'a> {
    pub signature: &'a Signature<'a>,
    pub ssa: &'a Ssa,
    /// The expression for an input or for a value that is computed already.
    pub place: &'a dyn Fn(Id) -> TokenStream,
    /// Uses functions that vectorize instead of those of the standard library.
    pub quick: bool,
}

/// Silences lints in generated code, because they are reported for the user's function already.
pub fn quiet() -> TokenStream {
    quote!(#[allow(dead_code, non_snake_case, unused_variables, clippy::all, clippy::pedantic, clippy::nursery)])
}

/// The name of a value in the generated code, invisible to the user's code.
pub fn local(id: Id) -> Ident {
    format_ident!("v{id}", span = Span::mixed_site())
}

/// A `let` binding.
struct Binding {
    name: Ident,
    /// The type; `None` for calls, whose type the compiler infers.
    kind: Option<TokenStream>,
    value: TokenStream,
}

/// The maximum number of separate `let`s. Longer lists are declared in groups of this size.
const GROUP: usize = 64;

fn separate_let(Binding { name, kind, value }: &Binding) -> TokenStream {
    let kind = kind.as_ref().map(|kind| quote!(: #kind));
    quote!(let #name #kind = #value;)
}

/// Declares a group of values in one `let`. Each `let` is a nested scope, and a thousand of them overflow rustc's stack.
fn grouped_let(bindings: &[Binding]) -> TokenStream {
    let names = bindings.iter().map(|one| &one.name);
    let kinds = bindings.iter().map(|one| one.kind.clone().unwrap_or_else(|| quote!(_)));
    let values = bindings.iter().map(|Binding { name, value, .. }| quote!(#name = #value;));
    quote!(let (#(#names,)*): (#(#kinds,)*); #(#values)*)
}

impl Code<'_> {
    /// The expression for a value that is in scope.
    pub fn operand(&self, id: Id) -> TokenStream {
        let node = &self.ssa.nodes[id];
        match &node.operation {
            Operation::Constant(constant) => self.constant(constant),
            Operation::Call(_) => {
                let call = (self.place)(id);
                quote!(#call.value())
            }
            Operation::Element(place) => {
                let (gradient, place) = ((self.place)(node.operands[0]), Literal::usize_unsuffixed(*place));
                quote!(#gradient[#place])
            }
            _ => (self.place)(id),
        }
    }

    fn constant(&self, constant: &Constant) -> TokenStream {
        match (&constant.tokens, constant.value) {
            (Some(tokens), _) => tokens.clone(),
            (None, value) => self.number(value.unwrap_or_default()),
        }
    }

    /// A constant of the function's scalar type.
    pub fn number(&self, value: f64) -> TokenStream {
        let Signature { library, scalar, .. } = self.signature;
        let (sign, size) = (value.is_sign_negative().then(|| quote!(-)), Literal::f64_unsuffixed(value.abs()));
        quote!(<#scalar as #library::Scalar>::of(#sign #size))
    }

    /// Imports the trait with fallback methods for calls with another scalar type.
    pub fn imports(&self) -> Option<TokenStream> {
        let calls = self.ssa.nodes.iter().any(|node| matches!(node.operation, Operation::Call(_)));
        let library = &self.signature.library;
        calls.then(|| quote!(#[allow(unused_imports)] use #library::differentiated::Fallback as _;))
    }

    /// Generates a `let` for each needed operation, except inputs and constants.
    pub fn lets(&self, needed: impl Iterator<Item = Id>) -> TokenStream {
        let bindings: Vec<Binding> = needed.filter_map(|id| self.binding(id)).collect();
        if bindings.len() <= GROUP {
            return bindings.iter().map(separate_let).collect();
        }
        bindings.chunks(GROUP).map(grouped_let).collect()
    }

    /// The expression for the final value of a function body.
    pub fn result(&self, id: Id) -> TokenStream {
        match self.ssa.operation(id) {
            Operation::Input(_) | Operation::Constant(_) | Operation::Element(_) => self.operand(id),
            Operation::Call(callee) => {
                let call = self.call(callee, id);
                quote!(#call.value())
            }
            _ => self.value(id),
        }
    }

    fn binding(&self, id: Id) -> Option<Binding> {
        let (node, scalar) = (&self.ssa.nodes[id], &self.signature.scalar);
        let (kind, value) = match &node.operation {
            Operation::Input(_) | Operation::Constant(_) | Operation::Dout | Operation::Element(_) => return None,
            Operation::Call(callee) => (None, self.call(callee, id)),
            Operation::CallGradient => {
                let (call, dy) = ((self.place)(node.operands[0]), self.operand(node.operands[1]));
                (None, quote!(#call.backward(#dy).to_array()))
            }
            _ => (Some(quote!(#scalar)), self.value(id)),
        };
        Some(Binding { name: local(id), kind, value })
    }

    fn call(&self, callee: &Callee, id: Id) -> TokenStream {
        let (scalar, arguments) = (self.signature.scalar.to_token_stream(), self.operands(id));
        let kind = call_type(self.signature, callee, &scalar);
        let forward = Ident::new(if self.quick { "__quick_forward" } else { "__forward" }, Span::mixed_site());
        quote!(<#kind>::#forward([#(#arguments),*]))
    }

    fn operands(&self, id: Id) -> Vec<TokenStream> {
        self.ssa.nodes[id].operands.iter().map(|&operand| self.operand(operand)).collect()
    }

    fn value(&self, id: Id) -> TokenStream {
        let operands = self.operands(id);
        match (&self.ssa.nodes[id].operation, operands.as_slice()) {
            (Operation::Add, [x, y]) => quote!(#x + #y),
            (Operation::Sub, [x, y]) => quote!(#x - #y),
            (Operation::Mul, [x, y]) => quote!(#x * #y),
            (Operation::Div, [x, y]) => quote!(#x / #y),
            (Operation::Neg, [x]) => quote!(-#x),
            (operation, _) => {
                let function = self.function(id);
                let exponent = match operation {
                    Operation::Powi(exponent) | Operation::PowiSlope(exponent) => Some(&exponent.tokens),
                    _ => None,
                };
                let operands = operands.iter().chain(exponent);
                quote!(#function(#(#operands),*))
            }
        }
    }

    /// The library's function for an operation that is not an operator.
    fn function(&self, id: Id) -> TokenStream {
        let library = &self.signature.library;
        let quick = quick_function(self.ssa, id).filter(|_| self.quick);
        let name = Ident::new(quick.unwrap_or_else(|| self.exact_function(id)), Span::mixed_site());
        quote!(#library::__private::operations::#name)
    }

    fn exact_function(&self, id: Id) -> &'static str {
        match self.ssa.operation(id) {
            Operation::Method(method) => method.name(),
            Operation::Powi(_) => "powi",
            Operation::Chain => "chain",
            Operation::DivByFinite => "div_by_finite",
            Operation::Sign => "sign",
            Operation::WhereGreater => "where_greater",
            Operation::WhereSmaller => "where_smaller",
            Operation::ShareOfGreater => "share_of_greater",
            Operation::ShareOfSmaller => "share_of_smaller",
            Operation::PowiSlope(_) => "powi_slope",
            Operation::PowfFlow => "powf_flow",
            Operation::PowfSlopeByExponent => "powf_slope_by_exponent",
            _ => unreachable!("the others are operators, or written by `binding`"),
        }
    }
}

/// The function for an operation in vectorized loops, if any. Known ranges of the operand select faster functions.
fn quick_function(ssa: &Ssa, id: Id) -> Option<&'static str> {
    let operand = *ssa.nodes[id].operands.first()?;
    Some(match ssa.operation(id) {
        Operation::Powi(_) => "quick_powi",
        Operation::Method(Method::Tanh) => "quick_tanh",
        Operation::Method(Method::Exp) => "quick_exp",
        Operation::Method(Method::ExpM1) if ssa.is_never_positive(operand) => "quick_exp_m1_to_0",
        Operation::Method(Method::ExpM1) => "quick_exp_m1",
        Operation::Method(Method::Ln) => "quick_ln",
        Operation::Method(Method::Ln1p) if ssa.is_fraction(operand) => "quick_ln_1p_to_1",
        Operation::Method(Method::Ln1p) => "quick_ln_1p",
        _ => return None,
    })
}

/// Returns true if an operation has a special function in vectorized loops.
pub fn is_quick(ssa: &Ssa, id: Id) -> bool {
    matches!(ssa.operation(id), Operation::Call(_)) || quick_function(ssa, id).is_some()
}
