//! The expansion after a mistake: the errors, and a fallback for the network.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

use crate::check::{Blocks, Network};
use crate::expand::expand;
use crate::parse::Declaration;

/// Emits the errors and a fallback network, so that code that uses the network has no follow-up errors.
///
/// The fallback has corrected widths and, if the loss is missing, a default loss. If too little of the declaration is
/// known, the fallback is an empty type of that name.
pub fn fallback(
    declaration: &Declaration,
    network: Option<&Network>,
    blocks: &Blocks,
    errors: Option<Error>,
) -> TokenStream {
    let errors = errors.map(Error::into_compile_error);
    let Declaration { visibility, name, library, .. } = declaration;
    let sizes = declaration.sizes.iter().filter(|size| size.ident != "T");
    let fallback = network.map_or_else(
        || {
            quote! {
                #[allow(dead_code, missing_docs, missing_debug_implementations)]
                #visibility struct #name<#(#sizes,)* T: #library::Scalar = ::core::primitive::f32> {
                    scalar: ::core::marker::PhantomData<T>,
                }
            }
        },
        |network| expand(network, blocks),
    );
    quote!(#errors #fallback)
}
