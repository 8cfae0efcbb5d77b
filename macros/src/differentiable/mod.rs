//! `#[differentiable]` and `#[activation]`: derivatives of ordinary functions of numbers, found while compiling.
//!
//! ```text
//! signature   the parameters and the result: numbers of one type
//! lower       the body as a list of operations (`ssa`), in which nothing is calculated twice
//! callee      how the types of the functions that it calls are found
//! names       the values of names
//! reverse     the derivatives, as operations of the same list
//! rewrite     slopes in terms of the result
//! expand      the type of a call, with `drawing` for its graph
//! layer       the layer of an activation, with `formula` for its documentation
//! code        operations as Rust code, for both
//! ```

mod callee;
mod code;
mod drawing;
mod expand;
mod formula;
mod layer;
mod lower;
mod names;
mod operation;
mod reverse;
mod rewrite;
mod signature;
mod ssa;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::{AttrStyle, Error, ItemFn, Path, parse_quote};

use crate::mistakes::Mistakes;
use lower::Lowered;
use signature::Signature;

/// The attribute before the function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Differentiable,
    Activation,
}

/// All that an attribute writes: the function, and what stands beside it.
pub fn attribute(attribute: Attribute, options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let library = library(options, &mut mistakes);
    let mut function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            mistakes.add_error(error);
            let errors = mistakes.finish().map(Error::into_compile_error);
            return quote!(#errors #item);
        }
    };
    // Attributes at the beginning of the body mean the same before it.
    function.attrs.iter_mut().for_each(|attribute| attribute.style = AttrStyle::Outer);
    if let Some(other) = function.attrs.iter().find(|attribute| is_ours(attribute)) {
        mistakes.add(other.path(), "one attribute is enough: `activation` does what `differentiable` does as well");
    }
    let signature = signature::check(&function, library, &mut mistakes);
    if let (Some(signature), Attribute::Activation) = (&signature, attribute) {
        signature::check_activation(signature, &mut mistakes);
    }
    let lowered = signature.as_ref().and_then(|signature| lower::lower(signature, &mut mistakes));
    if let Some(errors) = mistakes.finish().map(Error::into_compile_error) {
        let fallback = fallback(attribute, &function, signature.as_ref());
        return quote!(#errors #fallback);
    }
    let beside = signature.zip(lowered).map(|(signature, lowered)| beside(attribute, &signature, &lowered));
    // The function may be used by way of what stands beside it only.
    quote!(#[allow(dead_code)] #function #beside)
}

/// The path of the library: `::typenet`, or that of the option `crate = path`.
fn library(options: TokenStream, mistakes: &mut Mistakes) -> Path {
    let mut library = parse_quote!(::typenet);
    let parser = syn::meta::parser(|meta| {
        if !meta.path.is_ident("crate") {
            return Err(meta.error("`crate = path` is the only option"));
        }
        library = meta.value()?.call(Path::parse_mod_style)?;
        Ok(())
    });
    if let Err(error) = parser.parse2(options) {
        mistakes.add_error(error);
    }
    library
}

/// After a mistake: the function without its body and, if the signature is right, the types beside it, so that code that uses
/// them gives no errors of its own.
fn fallback(attribute: Attribute, function: &ItemFn, signature: Option<&Signature>) -> TokenStream {
    let ItemFn { attrs, vis, sig, .. } = function;
    let attributes = attrs.iter().filter(|attribute| !is_ours(attribute));
    let beside = signature.map(|signature| beside(attribute, signature, &Lowered::fallback(signature)));
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #vis #sig { ::core::unreachable!("a function with a mistake does not compile") }
        #beside
    }
}

/// `#[differentiable]` or `#[activation]`.
fn is_ours(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == "differentiable" || last.ident == "activation")
}

fn beside(attribute: Attribute, signature: &Signature, lowered: &Lowered) -> TokenStream {
    let differentiable = expand::expand(signature, lowered);
    let layer = (attribute == Attribute::Activation).then(|| layer::expand(signature, lowered));
    quote!(#differentiable #layer)
}
