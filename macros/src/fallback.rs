//! After a mistake: the errors, and a stand-in for the network.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

use crate::check::Network;
use crate::expand::expand;
use crate::parse::Declaration;

/// The errors; and the network with each layer's width as it really is and a usual loss where there is none,
/// so that the code that uses it gives no errors of its own. Where not even that can be built, a type of that
/// name has to do.
pub fn fallback(declaration: &Declaration, network: Option<&Network>, errors: Option<Error>) -> TokenStream {
    let errors = errors.map(Error::into_compile_error);
    let Declaration { visibility, name, library, .. } = declaration;
    let sizes = declaration.sizes.iter().filter(|size| size.ident != "T");
    let stand_in = network.map_or_else(
        || {
            quote! {
                #[allow(dead_code, missing_docs, missing_debug_implementations)]
                #visibility struct #name<#(#sizes,)* T: #library::Scalar = ::core::primitive::f32> {
                    scalar: ::core::marker::PhantomData<T>,
                }
            }
        },
        expand,
    );
    quote!(#errors #stand_in)
}
