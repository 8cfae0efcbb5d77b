//! What is written after a mistake: functions and types that are used in the same way, so that what uses them gives no errors
//! of its own.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute as Attr, FnArg, ItemFn, Path, Type, Visibility, parse_quote};

use super::lower::Lowered;
use super::rest::{Parameter, Rest, Takes, unnamed};
use super::signature::{self, Signature};
use super::{Attribute, beside, of_ours};
use crate::mistakes::Mistakes;

/// After a mistake in the body: the function without it, and what stands beside the one that gives its first parameter.
pub fn of_body(attribute: Attribute, signature: &Signature) -> TokenStream {
    let ItemFn { vis, sig, .. } = signature.function;
    let (name, generics, result, clause) = (&sig.ident, &sig.generics, &sig.output, &sig.generics.where_clause);
    let kinds = sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(&argument.ty),
        FnArg::Receiver(_) => None,
    });
    let head = quote!(#vis fn #name #generics(#(_: #kinds),*) #result #clause);
    let function = without_body(&signature.function.attrs, &head);
    let beside = beside(attribute, signature, &Lowered::stand_in(signature));
    quote!(#function #beside)
}

/// After a mistake before the body: what is left of the function. In place of what is wrong it takes anything.
pub fn of_all(attribute: Attribute, function: &ItemFn, library: &Path) -> TokenStream {
    let ItemFn { attrs, vis, sig, .. } = function;
    let Some(rest) = Rest::of(sig) else {
        return without_body(attrs, &quote!(#vis #sig)); // what takes `self` stands where no types can
    };
    let (name, generics, kinds, result) = (&sig.ident, rest.generics(), rest.kinds(), rest.result());
    let function = without_body(attrs, &quote!(#vis fn #name #generics(#(_: #kinds),*) -> #result));
    let head = Head {
        attributes: attrs.clone(),
        visibility: vis.clone(),
        name: name.clone(),
        number: rest.primitive(),
        parameters: rest.parameters,
    };
    let beside = beside_head(attribute, &head, library);
    quote!(#function #beside)
}

/// What is known of a function.
pub struct Head {
    pub attributes: Vec<Attr>,
    pub visibility: Visibility,
    pub name: Ident,
    /// `f32` or `f64`, or neither if the function is generic.
    pub number: Option<Type>,
    pub parameters: Vec<Parameter>,
}

/// What stands beside a function of which no more is known, if it takes numbers at all.
pub fn beside_head(attribute: Attribute, head: &Head, library: &Path) -> Option<TokenStream> {
    let Head { attributes, visibility, name, number, parameters } = head;
    let mut names: Vec<Ident> = Vec::new();
    for (place, Parameter { name, .. }) in parameters.iter().enumerate() {
        names.push(if names.contains(name) { unnamed(place) } else { name.clone() });
    }
    let (attributes, first) = (others(attributes), names.first()?);
    let (generics, number) = match number {
        Some(number) => (None, quote!(#number)),
        None => (Some(quote!(<T: #library::Scalar>)), quote!(T)),
    };
    let function: ItemFn = parse_quote! {
        #(#attributes)*
        #visibility fn #name #generics(#(#names: #number),*) -> #number {
            #first
        }
    };
    let mut mistakes = Mistakes::default();
    let signature = signature::check(&function, library.clone(), &mut mistakes);
    mistakes.finish(); // those are reported of the function itself
    let takes_anything = parameters.iter().map(|parameter| !matches!(parameter.takes, Takes::Number)).collect();
    let signature = Signature { takes_anything, ..signature? };
    Some(beside(attribute, &signature, &Lowered::stand_in(&signature)))
}

/// All attributes but ours.
fn others(attributes: &[Attr]) -> impl Iterator<Item = &Attr> {
    attributes.iter().filter(|attribute| of_ours(attribute).is_none())
}

fn without_body(attributes: &[Attr], head: &TokenStream) -> TokenStream {
    let (attributes, body) = (others(attributes), body());
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #head #body
    }
}

/// That of a function that is never called.
pub fn body() -> TokenStream {
    quote!({ ::core::unreachable!("a function with a mistake does not compile") })
}
