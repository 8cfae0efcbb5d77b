//! Generates the items beside a differentiable function. This step cannot fail.

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

/// Generates the type of a call, its functions, and the type of its derivatives.
pub fn expand(signature: &Signature, lowered: &Lowered) -> TokenStream {
    let parts = Parts::new(signature, lowered);
    let mut items = callee::types(signature, &lowered.callees);
    items.extend([parts.structure(), parts.gradient(), parts.mark(), parts.functions(lowered), parts.array()]);
    let (items, graph) = (signature.guarded(items), signature.guarded([parts.graph()]));
    let library = parts.library;
    quote!(#items #library::__private::with_std! { #graph })
}

/// The data that all generated items share.
struct Parts<'a> {
    signature: &'a Signature<'a>,
    /// The operations of the forward pass, followed by those of the backward pass.
    ssa: Ssa,
    /// The number of operations of the forward pass.
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
        let functions = [self.forward(), self.internal_forward(), self.value(), self.backward()];
        quote! {
            #[automatically_derived]
            #quiet
            impl #implementation #name<#scalar> #clause {
                #(#constants)*
                #(#functions)*
            }
        }
    }

    /// The operations whose values are fields of the call.
    fn stored(&self) -> impl Iterator<Item = Id> {
        (0..self.forward).filter(|&id| self.ssa.constant(id).is_none())
    }

    fn forward(&self) -> TokenStream {
        let (visibility, scalar, parameters) =
            (&self.signature.function.vis, &self.signature.scalar, &self.signature.parameters);
        let body = self.forward_body(false);
        quote! {
            /// Computes the function, and stores the values for `backward`.
            #[inline]
            #[must_use]
            #visibility fn forward(#(#parameters: #scalar),*) -> Self {
                #body
            }
        }
    }

    /// The body of `forward`.
    fn forward_body(&self, quick: bool) -> TokenStream {
        let parameters = &self.signature.parameters;
        let place = |id: Id| parameters.get(id).unwrap_or(&local(id)).to_token_stream();
        let code = Code { quick, ..self.code(&place) };
        let (imports, lets) = (code.imports(), code.lets(0..self.forward));
        let fields = self.stored().map(|id| {
            let (field, value) = (local(id), place(id));
            if id < self.ssa.inputs { quote!(#field: #value) } else { quote!(#field) }
        });
        quote! {
            #imports
            #lets
            Self { #(#fields),* }
        }
    }

    /// Generates `forward` for other generated code, and for vectorized loops.
    ///
    /// Both take an array, so that a wrong number of arguments gives a single error, in the caller's body.
    fn internal_forward(&self) -> TokenStream {
        let (visibility, scalar, parameters) =
            (&self.signature.function.vis, &self.signature.scalar, &self.signature.parameters);
        let (arguments, places) = (Ident::new("arguments", Span::mixed_site()), 0..self.ssa.inputs);
        let places: Vec<Literal> = places.map(Literal::usize_unsuffixed).collect();
        let quick = if (0..self.forward).any(|id| is_quick(&self.ssa, id)) {
            let body = self.forward_body(true);
            quote!(#(let #parameters = #arguments[#places];)* #body)
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

    /// Finds a value of the forward pass in a field of `self`, and one of the backward pass in a local variable.
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
            /// The function's result.
            #[inline]
            #[must_use]
            #visibility fn value(&self) -> #scalar {
                #imports
                #result
            }
        }
    }

    /// Generates a `let` for each operation of the backward pass that the `wanted` derivatives need.
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
            /// Computes the derivatives with respect to the parameters.
            ///
            /// `dout` is the derivative with respect to the result: 1 for the derivatives of the function itself.
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

/// The name of the parameter of `backward`, which is the derivative by the result.
fn dout_name() -> Ident {
    Ident::new("dout", Span::mixed_site())
}
