//! `#[differentiable]`, `#[activation]` and `#[loss]`: automatic differentiation of ordinary scalar functions at compile time.
//!
//! ```text
//! signature   checks the parameters and the result: scalars of one type
//! lower       turns the body into a list of operations (`ssa`) without duplicates
//! callee      finds the call types of other differentiable functions
//! names       resolves names to values
//! reverse     appends the derivatives to the list of operations
//! rewrite     simplifies derivatives by using the function's result
//! expand      generates the call type, with `drawing` for its graph
//! layer       generates the layer of an activation or the loss, with `formula` for its documentation
//! code        generates Rust code for operations
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
mod operators;
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
use layer::Kind;
use lower::Lowered;
use signature::Signature;

/// The attribute on the function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Differentiable,
    Activation,
    Loss,
}

/// The names of the attributes.
const OURS: [&str; 3] = ["differentiable", "activation", "loss"];

/// Expands an attribute: to the function, followed by the generated items.
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
    // Inner attributes at the beginning of the body become outer attributes.
    function.attrs.iter_mut().for_each(|attribute| attribute.style = AttrStyle::Outer);
    if let Some(other) = function.attrs.iter().find(|attribute| is_ours(attribute)) {
        mistakes.add(
            other.path(),
            "use only one of these attributes: `#[activation]` and `#[loss]` include `#[differentiable]`",
        );
    }
    let signature = signature::check(&function, library, &mut mistakes);
    let signature = signature.filter(|signature| match attribute {
        Attribute::Differentiable => true,
        Attribute::Activation => signature::check_activation(signature, &mut mistakes),
        Attribute::Loss => signature::check_loss(signature, &mut mistakes),
    });
    let lowered = signature.as_ref().and_then(|signature| lower::lower(signature, &mut mistakes));
    if let Some(errors) = mistakes.finish().map(Error::into_compile_error) {
        let fallback = fallback(attribute, &function, signature.as_ref());
        return quote!(#errors #fallback);
    }
    let items = signature.zip(lowered).map(|(signature, lowered)| items(attribute, &signature, &lowered));
    // The user may only use the generated items, and never call the function itself.
    quote!(#[allow(dead_code)] #function #items)
}

/// The path of the library: `::typenet`, or the value of the option `crate = path`.
fn library(options: TokenStream, mistakes: &mut Mistakes) -> Path {
    let mut library = parse_quote!(::typenet);
    let parser = syn::meta::parser(|meta| {
        if !meta.path.is_ident("crate") {
            return Err(meta.error("unknown option: the only one is `crate = path`"));
        }
        library = meta.value()?.call(Path::parse_mod_style)?;
        Ok(())
    });
    if let Err(error) = parser.parse2(options) {
        mistakes.add_error(error);
    }
    library
}

/// The expansion after a mistake: the function without its body and, if the signature is valid, the generated items.
///
/// So code that uses them has no follow-up errors.
fn fallback(attribute: Attribute, function: &ItemFn, signature: Option<&Signature>) -> TokenStream {
    let ItemFn { attrs, vis, sig, .. } = function;
    let attributes = attrs.iter().filter(|attribute| !is_ours(attribute));
    let items = signature.map(|signature| items(attribute, signature, &Lowered::fallback(signature)));
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #vis #sig { ::core::unreachable!("a function with a mistake does not compile") }
        #items
    }
}

/// Returns true for the attributes of this module.
fn is_ours(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| OURS.iter().any(|name| last.ident == name))
}

/// The items that are generated beside the function.
fn items(attribute: Attribute, signature: &Signature, lowered: &Lowered) -> TokenStream {
    let differentiable = expand::expand(signature, lowered);
    let kind = match attribute {
        Attribute::Differentiable => None,
        Attribute::Activation => Some(Kind::Activation),
        Attribute::Loss => Some(Kind::Loss),
    };
    let layer = kind.map(|kind| layer::expand(kind, signature, lowered));
    quote!(#differentiable #layer)
}
