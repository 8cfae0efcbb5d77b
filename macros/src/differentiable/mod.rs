//! `#[differentiable]` and `#[activation]`: derivatives of ordinary functions of numbers, found while compiling.
//!
//! ```text
//! options     where the library is
//! signature   what the function takes and gives: numbers of one type
//! lower       its body as a list of operations (`ssa`), in which nothing is calculated twice
//! callee      how the types of the functions that it calls are found
//! names       what names stand for
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
mod options;
mod reverse;
mod rewrite;
mod signature;
mod ssa;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{AttrStyle, Error, ItemFn};

use crate::mistakes::Mistakes;
use lower::Lowered;
use signature::Signature;

/// Which attribute stands before the function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Differentiable,
    Activation,
}

/// All that an attribute writes: the function, and what stands beside it.
pub fn attribute(attribute: Attribute, arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let library = options::library(arguments, &mut mistakes);
    let mut function = match syn::parse2::<ItemFn>(statements_alone(item.clone())) {
        Ok(function) => with_outer_attributes(function),
        Err(error) => {
            mistakes.add_error(error);
            let errors = mistakes.finish().map(Error::into_compile_error);
            return quote!(#errors #item);
        }
    };
    let checked = signature::with_library(&mut function, &library);
    let attribute = check_only_one(attribute, &function, &mut mistakes);
    let signature = signature::check(&function, library, &mut mistakes);
    if let (Some(signature), Attribute::Activation) = (&signature, attribute) {
        signature::check_activation(signature, &mut mistakes);
    }
    let lowered = signature.as_ref().and_then(|signature| lower::lower(signature, &mut mistakes));
    if let Some(errors) = mistakes.finish().map(Error::into_compile_error) {
        let fallback = fallback(attribute, &function, signature.as_ref());
        return quote!(#errors #fallback #checked);
    }
    let written = signature.zip(lowered).map(|(signature, lowered)| {
        let beside = beside(attribute, &signature, &lowered);
        // It may be called by way of what stands beside it only.
        quote!(#[allow(dead_code)] #function #beside #checked)
    });
    written.unwrap_or_default()
}

/// After a mistake: the function without its body and, if the signature is right, the types beside it, so that code that uses
/// them gives no errors of its own.
fn fallback(attribute: Attribute, function: &ItemFn, signature: Option<&Signature>) -> TokenStream {
    let ItemFn { attrs, vis, sig, .. } = function;
    let attributes = attrs.iter().filter(|attribute| of_ours(attribute).is_none());
    let beside = signature.map(|signature| beside(attribute, signature, &Lowered::fallback(signature)));
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #vis #sig { ::core::unreachable!("a function with a mistake does not compile") }
        #beside
    }
}

/// Around a statement that a macro by example was given stands an invisible group, in which only values are looked for.
fn statements_alone(tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_statement(&group) => statements_alone(group.stream()),
        TokenTree::Group(group) if has_statement(&group) => {
            let mut alone = Group::new(group.delimiter(), statements_alone(group.stream()));
            alone.set_span(group.span());
            alone.into_token_stream()
        }
        other => other.into(),
    });
    tokens.collect()
}

fn is_statement(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::None && matches!(first, Some(TokenTree::Ident(first)) if first == "let")
}

fn has_statement(group: &Group) -> bool {
    group.stream().into_iter().any(|token| match token {
        TokenTree::Group(inside) => is_statement(&inside) || has_statement(&inside),
        _ => false,
    })
}

/// The function with all attributes before it: those at the beginning of its body mean the same there.
fn with_outer_attributes(mut function: ItemFn) -> ItemFn {
    function.attrs.iter_mut().for_each(|attribute| attribute.style = AttrStyle::Outer);
    function
}

/// Refuses a second attribute of ours. Gives the one that writes more, as what uses the function may need all.
fn check_only_one(attribute: Attribute, function: &ItemFn, mistakes: &mut Mistakes) -> Attribute {
    let mut most = attribute;
    for other in &function.attrs {
        if let Some(kind) = of_ours(other) {
            let message = if kind == attribute {
                "this attribute stands here already: once is enough"
            } else {
                "`activation` does what `differentiable` does as well, so one of them is enough"
            };
            mistakes.add(other.path(), message);
            most = if kind == Attribute::Activation { kind } else { most };
        }
    }
    most
}

/// Which attribute of ours that is.
fn of_ours(attribute: &syn::Attribute) -> Option<Attribute> {
    let last = &attribute.path().segments.last()?.ident;
    match last.to_string().as_str() {
        "differentiable" => Some(Attribute::Differentiable),
        "activation" => Some(Attribute::Activation),
        _ => None,
    }
}

fn beside(attribute: Attribute, signature: &Signature, lowered: &Lowered) -> TokenStream {
    let differentiable = expand::expand(signature, lowered);
    let layer = (attribute == Attribute::Activation).then(|| layer::expand(signature, lowered));
    quote!(#differentiable #layer)
}

/// Before what is written: of the user's own numbers and formulas in it, clippy tells in the function, and once is enough.
fn quiet() -> TokenStream {
    quote!(#[allow(dead_code, clippy::all, clippy::pedantic, clippy::nursery)])
}
