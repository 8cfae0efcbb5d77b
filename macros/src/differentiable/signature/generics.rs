//! What stands in `<...>`: a scalar, or nothing.

use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{GenericParam, ItemFn, TypeParam, TypeParamBound, WherePredicate};

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
            (GenericParam::Type(_), Generics::Scalar(_)) => {
                "all numbers are of one type: a second type parameter has no use".to_owned()
            }
            (GenericParam::Type(kind), _) if is_scalar(function, kind) => {
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

/// Whether `T: Scalar`, where it is declared or in the `where` clause.
fn is_scalar(function: &ItemFn, kind: &TypeParam) -> bool {
    let named = |bounds: &Punctuated<TypeParamBound, _>| {
        bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Scalar"),
            _ => false,
        })
    };
    let clause = function.sig.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    named(&kind.bounds)
        || clause.into_iter().any(|predicate| match predicate {
            WherePredicate::Type(one) => kind.ident == text(&one.bounded_ty) && named(&one.bounds),
            _ => false,
        })
}
