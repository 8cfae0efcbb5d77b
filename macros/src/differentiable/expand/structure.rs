//! The types: that of a call, and that of its derivatives.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::Parts;
use crate::differentiable::callee::call_type;
use crate::differentiable::code::local;
use crate::differentiable::operation::Operation;

impl Parts<'_> {
    pub fn structure(&self, parameter: &Ident, default: Option<&TokenStream>) -> TokenStream {
        let (name, visibility, attributes) =
            (self.signature.name(), &self.signature.function.vis, self.signature.attributes());
        let shown = name.unraw();
        let doc = format!(" A call of [`{shown}`](fn@{shown}): all its values, and the way back to its derivatives.");
        let fields = self.kept().map(|id| {
            let field = local(id);
            match self.ssa.operation(id) {
                Operation::Call(callee) => {
                    let kind = call_type(self.signature, callee, &parameter.to_token_stream());
                    quote!(#field: #kind)
                }
                _ => quote!(#field: #parameter),
            }
        });
        let hidden = self.signature.hidden();
        quote! {
            #[doc = #doc]
            #hidden
            #(#attributes)*
            #[allow(non_camel_case_types, dead_code, clippy::derive_partial_eq_without_eq)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #visibility struct #name<#parameter #default> {
                #(#fields,)*
            }
        }
    }

    /// Marks it as the type of a differentiable function.
    pub fn mark(&self, parameter: &Ident) -> TokenStream {
        let (name, library, attributes) = (self.signature.name(), self.library, self.signature.attributes());
        quote! {
            #(#attributes)*
            #[automatically_derived]
            #[doc(hidden)]
            impl<#parameter> #library::differentiated::Call for #name<#parameter> {
                type Number = #parameter;
            }
        }
    }

    pub fn gradient(&self, parameter: &Ident) -> TokenStream {
        let (name, visibility, attributes) =
            (&self.gradient, &self.signature.function.vis, self.signature.attributes());
        let doc =
            format!(" The derivatives of [`{0}`](fn@{0}) by each of its parameters.", self.signature.name().unraw());
        let fields = self.signature.parameters.iter().map(|field| {
            let doc = format!(" By `{}`.", field.unraw());
            quote!(#[doc = #doc] #visibility #field: #parameter)
        });
        let hidden = self.signature.hidden();
        quote! {
            #[doc = #doc]
            #hidden
            #(#attributes)*
            #[allow(dead_code, non_snake_case, clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #visibility struct #name<#parameter> {
                #(#fields,)*
            }
        }
    }

    /// The derivatives in the order of the parameters.
    pub fn array(&self) -> TokenStream {
        let (name, visibility, attributes) =
            (&self.gradient, &self.signature.function.vis, self.signature.attributes());
        let (scalar, fields) = (&self.signature.scalar, &self.signature.parameters);
        let count = Literal::usize_unsuffixed(self.ssa.inputs);
        let generics = self.signature.generics();
        let (implementation, _, clause) = generics.split_for_impl();
        quote! {
            #(#attributes)*
            #[automatically_derived]
            #[allow(dead_code)]
            impl #implementation #name<#scalar> #clause {
                /// The derivatives in the order of the parameters.
                #[inline]
                #[must_use]
                #visibility const fn to_array(self) -> [#scalar; #count] {
                    [#(self.#fields),*]
                }
            }
        }
    }
}
