//! The macros of [typenet](https://docs.rs/typenet). Depend on `typenet`, which re-exports them.
//!
//! `network!` runs in three steps: `parse` turns tokens into plain data, `check` finds widths, names and mistakes, and
//! `expand` generates the code. After a mistake, `fallback` emits the errors and a fallback network, so that the rest of
//! the user's crate has no follow-up errors. `differentiable` implements the attributes of functions.

mod check;
mod differentiable;
mod document;
mod drawing;
mod expand;
mod fallback;
#[cfg(feature = "embed")]
mod include;
mod known;
mod mistakes;
mod parse;
#[cfg(test)]
mod tests;

use check::{Blocks, check};
use differentiable::Attribute;
use expand::expand;
use fallback::fallback;
use mistakes::Mistakes;
use parse::Declaration;
use proc_macro2::TokenStream;

#[allow(missing_docs)] // documented at the re-export in `typenet`, because rustdoc would concatenate both texts
#[proc_macro]
pub fn network(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    declare(tokens.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn differentiable(options: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    differentiable::attribute(Attribute::Differentiable, options.into(), &item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn activation(options: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    differentiable::attribute(Attribute::Activation, options.into(), &item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn loss(options: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    differentiable::attribute(Attribute::Loss, options.into(), &item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro]
pub fn include_network(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    #[cfg(feature = "embed")]
    return include::include(tokens.into()).into();
    #[cfg(not(feature = "embed"))]
    {
        let _ = tokens;
        quote::quote!(::core::compile_error! { "`include_network!` requires the feature `embed` of typenet" }).into()
    }
}

/// Draws a network as HTML for its documentation. `network!` emits calls of this.
#[doc(hidden)]
#[proc_macro]
pub fn drawing(layers: proc_macro::TokenStream) -> proc_macro::TokenStream {
    drawing::drawing(layers.into()).into()
}

fn declare(tokens: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let declarations = parse::declarations(tokens, &mut mistakes);
    let mut networks = TokenStream::new();
    let mut blocks = Blocks::new(&declarations, &mut mistakes);
    blocks.note_broken(&declarations);
    for (place, declaration) in declarations.iter().enumerate() {
        if let Some(other) = declarations[..place].iter().find(|other| other.name == declaration.name) {
            let (noun, name) = (other.kind.noun(), &declaration.name);
            let message = format!("another {noun} is already named `{name}`: rename this one");
            mistakes.add(&declaration.name, message);
        } else {
            networks.extend(declare_one(declaration, &blocks));
        }
    }
    match mistakes.finish() {
        None => networks,
        Some(errors) => [errors.into_compile_error(), networks].into_iter().collect(),
    }
}

fn declare_one<'a>(declaration: &'a Declaration, blocks: &Blocks<'a>) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let network = check(declaration, blocks, &mut mistakes);
    let mut tokens = match (mistakes.finish(), network) {
        (None, Some(network)) => expand(&network, blocks),
        (errors, network) => fallback(declaration, network.as_ref(), blocks, errors),
    };
    tokens.extend(expand::first_layer(declaration, blocks));
    tokens
}
