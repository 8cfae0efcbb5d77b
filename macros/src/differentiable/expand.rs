//! Writes what stands beside a differentiable function. Nothing is decided here, and nothing can fail.

mod graph;
mod structure;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use super::callee;
use super::code::{Code, is_quick, local, quiet};
use super::lower::{Lowered, constant_name};
use super::operation::Operation;
use super::reverse::{Reversed, reverse};
use super::signature::Signature;
use super::ssa::{Id, Ssa};

/// The type of a call with all its functions, and the type of its derivatives.
pub fn expand(signature: &Signature, lowered: &Lowered) -> TokenStream {
    let parts = Parts::new(signature, lowered);
    let mut items = callee::types(signature, &lowered.callees);
    items.extend([parts.structure(), parts.gradient(), parts.mark(), parts.functions(lowered), parts.array()]);
    signature.guarded(items)
}

/// Shared by all pieces.
struct Parts<'a> {
    signature: &'a Signature<'a>,
    /// The operations of forward, then those of backward.
    ssa: Ssa,
    forward: usize,
    result: Id,
    dout: Id,
    back: Reversed,
    gradient: Ident,
    library: &'a syn::Path,
}

impl<'a> Parts<'a> {
    fn new(signature: &'a Signature<'a>, lowered: &Lowered) -> Self {
        let (mut ssa, result) = (lowered.ssa.clone(), lowered.result);
        let (forward, dout) = (ssa.nodes.len(), ssa.nodes.len());
        let back = reverse(&mut ssa, result, Operation::Dout, |_| true);
        let gradient = signature.type_name("Gradient");
        Self { signature, ssa, forward, result, dout, back, gradient, library: &signature.library }
    }

    fn functions(&self, lowered: &Lowered) -> TokenStream {
        let (name, scalar, generics, quiet) =
            (self.signature.name(), &self.signature.scalar, self.signature.generics(), quiet());
        let (implementation, _, clause) = generics.split_for_impl();
        let constants = lowered.constants.iter().enumerate().map(|(place, (kind, value))| {
            let name = constant_name(place);
            quote!(#[doc(hidden)] #[inline(always)] fn #name() -> #kind { #value })
        });
        let functions = [self.forward(), self.for_callers(), self.value(), self.backward(), self.graph()];
        quote! {
            #[automatically_derived]
            #quiet
            impl #implementation #name<#scalar> #clause {
                #(#constants)*
                #(#functions)*
            }
        }
    }

    /// The operations whose values are kept.
    fn kept(&self) -> impl Iterator<Item = Id> {
        (0..self.forward).filter(|&id| self.ssa.constant(id).is_none())
    }

    fn forward(&self) -> TokenStream {
        let (visibility, scalar, parameters) =
            (&self.signature.function.vis, &self.signature.scalar, &self.signature.parameters);
        let calculated = self.calculated(false);
        quote! {
            /// Calculates the function, and keeps what the derivatives need.
            #[inline]
            #[must_use]
            #visibility fn forward(#(#parameters: #scalar),*) -> Self {
                #calculated
            }
        }
    }

    /// The body of that.
    fn calculated(&self, quick: bool) -> TokenStream {
        let parameters = &self.signature.parameters;
        let place = |id: Id| parameters.get(id).unwrap_or(&local(id)).to_token_stream();
        let code = Code { quick, ..self.code(&place) };
        let (imports, lets) = (code.imports(), code.lets(0..self.forward));
        let fields = self.kept().map(|id| {
            let (field, value) = (local(id), place(id));
            if id < self.ssa.inputs { quote!(#field: #value) } else { quote!(#field) }
        });
        quote! {
            #imports
            #lets
            Self { #(#fields),* }
        }
    }

    /// The same for callers and for vectorized loops. They take an array, so that a call with a wrong number of arguments is one
    /// error, in the caller's own body.
    fn for_callers(&self) -> TokenStream {
        let (visibility, scalar, parameters) =
            (&self.signature.function.vis, &self.signature.scalar, &self.signature.parameters);
        let (arguments, places) = (Ident::new("arguments", Span::mixed_site()), 0..self.ssa.inputs);
        let places: Vec<Literal> = places.map(Literal::usize_unsuffixed).collect();
        let quick = if (0..self.forward).any(|id| is_quick(&self.ssa, id)) {
            let calculated = self.calculated(true);
            quote!(#(let #parameters = #arguments[#places];)* #calculated)
        } else {
            quote!(Self::__forward(#arguments))
        };
        quote! {
            #[doc(hidden)]
            #[inline]
            #visibility fn __forward<const __N: ::core::primitive::usize>(#arguments: [#scalar; __N]) -> Self {
                Self::forward(#(#arguments[#places]),*)
            }

            #[doc(hidden)]
            #[inline(always)]
            #visibility fn __quick_forward<const __N: ::core::primitive::usize>(#arguments: [#scalar; __N]) -> Self {
                #quick
            }
        }
    }

    /// The value where `forward` has left it, or where `backward` has just put it.
    fn in_self(&self) -> impl Fn(Id) -> TokenStream {
        let (forward, dout) = (self.forward, self.dout);
        move |id| match id {
            _ if id == dout => dout_name().into_token_stream(),
            _ if id < forward => {
                let name = local(id);
                quote!(self.#name)
            }
            _ => local(id).into_token_stream(),
        }
    }

    fn code<'c>(&'c self, place: &'c dyn Fn(Id) -> TokenStream) -> Code<'c> {
        Code { signature: self.signature, ssa: &self.ssa, place, quick: false }
    }

    fn value(&self) -> TokenStream {
        let (visibility, scalar, place) = (&self.signature.function.vis, &self.signature.scalar, self.in_self());
        let code = self.code(&place);
        let (imports, result) = (code.imports(), code.operand(self.result));
        quote! {
            /// The result.
            #[inline]
            #[must_use]
            #visibility fn value(&self) -> #scalar {
                #imports
                #result
            }
        }
    }

    /// All that leads to those derivatives.
    fn lets_back(&self, wanted: &[Id], code: &Code) -> TokenStream {
        let needed = self.ssa.needed(wanted, |id| id < self.forward);
        code.lets((self.forward..self.ssa.nodes.len()).filter(|&id| needed[id]))
    }

    fn backward(&self) -> TokenStream {
        let (visibility, scalar, gradient) = (&self.signature.function.vis, &self.signature.scalar, &self.gradient);
        let (place, dout) = (self.in_self(), dout_name());
        let code = self.code(&place);
        let wanted: Vec<Id> = self.back.inputs.iter().flatten().copied().collect();
        let (imports, lets) = (code.imports(), self.lets_back(&wanted, &code));
        let fields = self.signature.parameters.iter().zip(&self.back.inputs).map(|(name, derivative)| {
            let value = derivative.map_or_else(|| code.number(0.0), |id| code.operand(id));
            quote!(#name: #value)
        });
        quote! {
            /// The derivatives by the parameters, from the derivative by the result: 1 for the function's own.
            #[inline]
            #[must_use]
            #visibility fn backward(&self, #dout: #scalar) -> #gradient<#scalar> {
                #imports
                #lets
                #gradient { #(#fields),* }
            }
        }
    }
}

/// The parameter that is the derivative by the result.
fn dout_name() -> Ident {
    Ident::new("dout", Span::mixed_site())
}
