//! What is written after a mistake: functions and types that are used in the same way, so that what uses them gives no errors
//! of its own.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute as Attr, FnArg, ItemFn, Pat, Path, parse_quote};

use super::lower::Lowered;
use super::signature::{self, Signature};
use super::{Attribute, beside, of_ours};
use crate::mistakes::Mistakes;

/// After a mistake in the body: the function without it, and what stands beside the one that gives its first parameter.
pub fn of_body(attribute: Attribute, signature: &Signature) -> TokenStream {
    let ItemFn { vis, mut sig, .. } = signature.function.clone();
    for argument in &mut sig.inputs {
        if let FnArg::Typed(argument) = argument {
            *argument.pat = parse_quote!(_);
        }
    }
    let function = without_body(&others(signature.function), &quote!(#vis #sig));
    let beside = beside(attribute, signature, &Lowered::stand_in(signature));
    quote!(#function #beside)
}

/// After a mistake before the body: a function of as many numbers, of any type.
pub fn of_all(attribute: Attribute, function: &ItemFn, library: &Path) -> TokenStream {
    let attributes = others(function);
    let Some(recovered) = recovered(function, &attributes, library) else {
        let ItemFn { vis, sig, .. } = function;
        return without_body(&attributes, &quote!(#vis #sig));
    };
    let mut mistakes = Mistakes::default();
    let signature = signature::check(&recovered, library.clone(), &mut mistakes);
    let beside = signature.map(|signature| beside(attribute, &signature, &Lowered::stand_in(&signature)));
    mistakes.finish(); // those are reported of the function itself
    let (visibility, name) = (&function.vis, &function.sig.ident);
    let more = (1..recovered.sig.inputs.len()).map(|_| quote!(_: impl ::core::marker::Sized));
    let function = without_body(&attributes, &quote!(#visibility fn #name<T>(_: T #(, #more)*) -> T));
    quote!(#function #beside)
}

/// A function as this one should be, if it takes numbers at all. What takes `self` stands where no types can.
fn recovered(function: &ItemFn, attributes: &[&Attr], library: &Path) -> Option<ItemFn> {
    let mut names: Vec<Ident> = Vec::new();
    for (place, argument) in function.sig.inputs.iter().enumerate() {
        let FnArg::Typed(argument) = argument else { return None };
        let name = match &*argument.pat {
            Pat::Ident(name) if !names.contains(&name.ident) => name.ident.clone(),
            _ => format_ident!("parameter{place}"),
        };
        names.push(name);
    }
    let (visibility, name, first) = (&function.vis, &function.sig.ident, names.first()?);
    Some(parse_quote! {
        #(#attributes)*
        #visibility fn #name<T: #library::Scalar>(#(#names: T),*) -> T {
            #first
        }
    })
}

/// All attributes but ours.
fn others(function: &ItemFn) -> Vec<&Attr> {
    function.attrs.iter().filter(|attribute| of_ours(attribute).is_none()).collect()
}

fn without_body(attributes: &[&Attr], head: &TokenStream) -> TokenStream {
    quote! {
        #(#attributes)*
        #[allow(unused)]
        #head {
            ::core::unreachable!("a function with a mistake does not compile")
        }
    }
}
