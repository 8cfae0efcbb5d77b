//! What is written after a mistake: functions and types that are used in the same way, so that what uses them gives no errors
//! of its own.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute as Attr, FnArg, ItemFn, Pat, Path, Visibility, parse_quote};

use super::lower::Lowered;
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

/// After a mistake before the body: a function of as many numbers, of any type.
pub fn of_all(attribute: Attribute, function: &ItemFn, library: &Path) -> TokenStream {
    let ItemFn { attrs, vis, sig, .. } = function;
    let name = &sig.ident;
    let Some((beside, head)) = head_of(function).and_then(|head| Some((beside_head(attribute, &head, library)?, head)))
    else {
        return without_body(attrs, &quote!(#vis #sig));
    };
    let more = head.parameters.iter().skip(1).map(|_| quote!(_: impl ::core::marker::Sized));
    let function = without_body(attrs, &quote!(#vis fn #name<T>(_: T #(, #more)*) -> T));
    quote!(#function #beside)
}

/// What is known of a function.
pub struct Head {
    pub attributes: Vec<Attr>,
    pub visibility: Visibility,
    pub name: Ident,
    pub parameters: Vec<Ident>,
}

/// What stands beside a function of which no more is known, if it takes numbers at all.
pub fn beside_head(attribute: Attribute, head: &Head, library: &Path) -> Option<TokenStream> {
    let Head { attributes, visibility, name, parameters } = head;
    let mut names: Vec<Ident> = Vec::new();
    for (place, parameter) in parameters.iter().enumerate() {
        let is_new = !names.contains(parameter);
        names.push(if is_new { parameter.clone() } else { format_ident!("parameter{place}") });
    }
    let (attributes, first) = (others(attributes), names.first()?);
    let function: ItemFn = parse_quote! {
        #(#attributes)*
        #visibility fn #name<T: #library::Scalar>(#(#names: T),*) -> T {
            #first
        }
    };
    let mut mistakes = Mistakes::default();
    let signature = signature::check(&function, library.clone(), &mut mistakes);
    mistakes.finish(); // those are reported of the function itself
    signature.map(|signature| beside(attribute, &signature, &Lowered::stand_in(&signature)))
}

/// That of a function; what takes `self` stands where no types can.
fn head_of(function: &ItemFn) -> Option<Head> {
    let ItemFn { attrs, vis, sig, .. } = function.clone();
    let is_there = |argument: &&FnArg| !matches!(argument, FnArg::Typed(one) if signature::condition(one).is_some());
    let parameters = sig.inputs.iter().filter(is_there).enumerate().map(|(place, argument)| match argument {
        FnArg::Typed(argument) => Some(match &*argument.pat {
            Pat::Ident(name) => name.ident.clone(),
            _ => format_ident!("parameter{place}"),
        }),
        FnArg::Receiver(_) => None,
    });
    Some(Head { attributes: attrs, visibility: vis, name: sig.ident, parameters: parameters.collect::<Option<_>>()? })
}

/// All attributes but ours.
fn others(attributes: &[Attr]) -> impl Iterator<Item = &Attr> {
    attributes.iter().filter(|attribute| of_ours(attribute).is_none())
}

fn without_body(attributes: &[Attr], head: &TokenStream) -> TokenStream {
    let attributes = others(attributes);
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #head {
            ::core::unreachable!("a function with a mistake does not compile")
        }
    }
}
