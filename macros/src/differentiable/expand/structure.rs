//! Generates the type of a call and the type of its derivatives.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use super::Parts;
use crate::differentiable::callee::call_type;
use crate::differentiable::code::local;
use crate::differentiable::operation::Operation;
use crate::differentiable::signature::Scalar;

impl Parts<'_> {
    pub fn structure(&self) -> TokenStream {
        let (name, parameter) = (self.signature.name(), self.signature.scalar.parameter());
        let default = match &self.signature.scalar {
            Scalar::Generic(_) => None,
            Scalar::Primitive(kind) => Some(quote!(= #kind)),
        };
        let fields = self.stored().map(|id| {
            let field = local(id);
            match self.ssa.operation(id) {
                Operation::Call(callee) => {
                    let kind = call_type(self.signature, callee, &parameter.to_token_stream());
                    quote!(#field: #kind)
                }
                _ => quote!(#field: #parameter),
            }
        });
        let shown = name.unraw();
        let doc =
            format!(" A call of [`{shown}`](fn@{shown}): its values, from which `backward` computes the derivatives.");
        self.record(&doc, name, &quote!(#parameter #default), fields)
    }

    pub fn gradient(&self) -> TokenStream {
        let (visibility, parameter) = (&self.signature.function.vis, self.signature.scalar.parameter());
        let fields = self.signature.parameters.iter().map(|field| {
            let doc = format!(" The derivative with respect to `{}`.", field.unraw());
            quote!(#[doc = #doc] #visibility #field: #parameter)
        });
        let shown = self.signature.name().unraw();
        let doc = format!(" The derivatives of [`{shown}`](fn@{shown}) with respect to its parameters.");
        self.record(&doc, &self.gradient, &parameter.to_token_stream(), fields)
    }

    fn record(
        &self,
        doc: &str,
        name: &Ident,
        parameter: &TokenStream,
        fields: impl Iterator<Item = TokenStream>,
    ) -> TokenStream {
        let (visibility, hidden) = (&self.signature.function.vis, self.signature.hidden());
        quote! {
            #[doc = #doc]
            #hidden
            #[allow(dead_code, non_camel_case_types, non_snake_case)]
            #[allow(clippy::derive_partial_eq_without_eq, clippy::pub_underscore_fields)]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #visibility struct #name<#parameter> {
                #(#fields,)*
            }
        }
    }

    /// Implements `Call`, which marks the type of a differentiable function.
    pub fn mark(&self) -> TokenStream {
        let (name, library, parameter) = (self.signature.name(), self.library, self.signature.scalar.parameter());
        quote! {
            #[automatically_derived]
            #[doc(hidden)]
            impl<#parameter> #library::differentiated::Call for #name<#parameter> {
                type Number = #parameter;
            }
        }
    }

    /// Generates the conversion of derivatives to an array.
    pub fn array(&self) -> TokenStream {
        let (name, visibility, generics) = (&self.gradient, &self.signature.function.vis, self.signature.generics());
        let (scalar, fields) = (&self.signature.scalar, &self.signature.parameters);
        let count = Literal::usize_unsuffixed(self.ssa.inputs);
        let (implementation, _, clause) = generics.split_for_impl();
        quote! {
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
