//! What stands in `<...>`: a scalar, or nothing.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{GenericParam, ItemFn, Path, Signature, TypeParam, TypeParamBound, WherePredicate, parse_quote};

use crate::mistakes::Mistakes;
use crate::parse::text;

/// What stands in `<...>`.
pub enum Generics {
    None,
    Scalar(Ident),
    /// Something that is reported already.
    Wrong,
}

/// Checks it.
pub fn generic(function: &ItemFn, mistakes: &mut Mistakes) -> Generics {
    let mut found = Generics::None;
    for parameter in &function.sig.generics.params {
        let message = match (parameter, &found) {
            (GenericParam::Type(kind), Generics::Wrong) if is_scalar(&function.sig, kind) => continue, // one mistake is enough
            (GenericParam::Type(_), Generics::Scalar(_)) => {
                "all numbers are of one type: a second type parameter has no use".to_owned()
            }
            (GenericParam::Type(kind), _) if is_scalar(&function.sig, kind) => {
                found = Generics::Scalar(kind.ident.clone());
                continue;
            }
            (GenericParam::Type(kind), _) => format!("`{0}` has to be a scalar: write `{0}: Scalar`", kind.ident),
            (GenericParam::Lifetime(_), _) => {
                "a differentiable function takes numbers, not references: it has no lifetimes".to_owned()
            }
            (GenericParam::Const(_), _) => {
                "a differentiable function is generic over its scalar at most: `fn f<T: Scalar>(x: T) -> T`".to_owned()
            }
        };
        mistakes.add(parameter, message);
        found = Generics::Wrong;
    }
    found
}

/// Says in the bounds which `Scalar` is meant. Gives what checks that it is the one that was written, if there is one: any other trait
/// of that name is one error there.
pub fn with_library(function: &mut ItemFn, library: &Path) -> Option<TokenStream> {
    let written = function.sig.generics.clone();
    let generics = &mut function.sig.generics;
    let clause = generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates);
    let clause = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(one) => Some(&mut one.bounds),
        _ => None,
    });
    let inline = generics.params.iter_mut().filter_map(|parameter| match parameter {
        GenericParam::Type(one) => Some(&mut one.bounds),
        _ => None,
    });
    let mut place = None;
    for bound in inline.chain(clause).flatten() {
        if let TypeParamBound::Trait(bound) = bound
            && let Some(name) = bound.path.segments.last().filter(|last| last.ident == "Scalar").cloned()
        {
            place.get_or_insert_with(|| name.ident.span());
            bound.path = parse_quote!(#library::#name);
        }
    }
    let (place, mut scalar) = (place?, written.type_params().next()?.ident.clone());
    scalar.set_span(place);
    let clause = &written.where_clause;
    let check = quote_spanned!(place=> scalar::<#scalar>());
    Some(quote! {
        #[allow(dead_code)]
        const _: () = {
            const fn scalar<T: #library::Scalar>() {}
            const fn check #written() #clause { #check }
        };
    })
}

/// Whether `T: Scalar`, where it is declared or in the `where` clause.
fn is_scalar(sig: &Signature, kind: &TypeParam) -> bool {
    let named = |bounds: &Punctuated<TypeParamBound, _>| {
        bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Scalar"),
            _ => false,
        })
    };
    let clause = sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    named(&kind.bounds)
        || clause.into_iter().any(|predicate| match predicate {
            WherePredicate::Type(one) => kind.ident == text(&one.bounded_ty) && named(&one.bounds),
            _ => false,
        })
}
