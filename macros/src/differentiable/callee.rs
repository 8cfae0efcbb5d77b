//! Finds the call types of the functions that a differentiable function calls.
//!
//! A differentiable callee has a type of the same name; an ordinary function has not. The expansion imports the name and
//! declares a fallback:
//!
//! ```text
//! const _: () = {
//!     // The fallback for an ordinary function.
//!     type __callee<T> = NotDifferentiable<T>;
//!     const _: () = {
//!         // Imports the function and, if it exists, the type, which then shadows the fallback.
//!         use square as __callee;
//!         impl Calls<0> for __CubeCalls { type Of<T> = __callee<T>; }
//!     };
//! };
//! ```
//!
//! `NotDifferentiable` does not satisfy the bound of `Of`, which gives a single error. Only the tokens that the error
//! points at have the span of the call.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, ExprPath, Path, PathArguments};

use super::operation::Callee;
use super::signature::Signature;

/// Generates the items that find the call type of each callee.
pub fn types(signature: &Signature, callees: &[Callee]) -> Vec<TokenStream> {
    let list = list(signature);
    let list = (!callees.is_empty()).then(|| quote!(#[doc(hidden)] enum #list {}));
    let found = callees.iter().map(|callee| {
        let found = found(signature, callee);
        quote!(#[allow(dead_code, non_camel_case_types)] const _: () = { #found };)
    });
    list.into_iter().chain(found).collect()
}

/// The call type of a callee for a scalar.
pub fn call_type(signature: &Signature, callee: &Callee, scalar: &TokenStream) -> TokenStream {
    let (library, list, place) = (&signature.library, list(signature), Literal::usize_unsuffixed(callee.place));
    quote!(<#list as #library::differentiated::Calls<#place>>::Of<#scalar>)
}

/// The name of the type whose `Calls` implementations list all call types.
fn list(signature: &Signature) -> Ident {
    format_ident!("__{}", signature.type_name("Calls"), span = Span::mixed_site())
}

fn found(signature: &Signature, callee: &Callee) -> TokenStream {
    let (library, list, place) = (&signature.library, list(signature), Literal::usize_unsuffixed(callee.place));
    let (path, span) = (&callee.path, callee.name.span());
    let [fallback, found] = [Span::mixed_site(), span].map(|span| Ident::new("__callee", span));
    let parameter = quote!(T);
    let kind = quote_spanned!(span=> #found<#parameter>);
    quote! {
        type #fallback<T> = #library::differentiated::NotDifferentiable<T>;
        const _: () = {
            #[allow(deprecated, unused_imports)]
            use #path as #found;
            impl #library::differentiated::Calls<#place> for #list {
                type Of<T> = #kind;
            }
        };
    }
}

/// The path of a called function, without parentheses and invisible groups around it.
pub fn path_of(callee: &Expr) -> Option<&ExprPath> {
    match callee {
        Expr::Path(path) => Some(path),
        Expr::Group(inner) => path_of(&inner.expr),
        Expr::Paren(inner) => path_of(&inner.expr),
        _ => None,
    }
}

/// Removes the generic arguments of a path.
pub fn without_arguments(path: &Path) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        segment.arguments = PathArguments::None;
    }
    path
}
