//! How the type of another function's calls is found. A call may be of a differentiable function, beside which stands a type of its
//! name, or of an ordinary one.
//!
//! ```text
//! const _: () = {
//!     // The fallback for a function without such a type.
//!     type __callee<T> = NotDifferentiable<T>;
//!     const _: () = {
//!         // The function; and the type, if there is one.
//!         use square as __callee;
//!         impl Calls<0> for __CubeCalls { type Of<T> = __callee<T>; }
//!     };
//! };
//! ```
//!
//! `NotDifferentiable` does not meet the bound of `Of`, and that is the one error. Only the tokens that it points at have the
//! place of the call.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, ExprPath, Path, PathArguments};

use super::operation::Callee;
use super::signature::Signature;

/// The items that give each callee the type of its calls.
pub fn types(signature: &Signature, callees: &[Callee]) -> Vec<TokenStream> {
    let list = list(signature);
    let list = (!callees.is_empty()).then(|| quote!(#[doc(hidden)] enum #list {}));
    let found = callees.iter().map(|callee| {
        let found = found(signature, callee);
        quote!(#[allow(dead_code, non_camel_case_types)] const _: () = { #found };)
    });
    list.into_iter().chain(found).collect()
}

/// The type of a function's calls, for numbers of that type.
pub fn call_type(signature: &Signature, callee: &Callee, scalar: &TokenStream) -> TokenStream {
    let (library, list, place) = (&signature.library, list(signature), Literal::usize_unsuffixed(callee.place));
    quote!(<#list as #library::differentiated::Calls<#place>>::Of<#scalar>)
}

/// The type that has the types of all calls.
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

/// The path of a callee, if it is one: parentheses may stand around it, or a macro's invisible group.
pub fn path_of(callee: &Expr) -> Option<&ExprPath> {
    match callee {
        Expr::Path(path) => Some(path),
        Expr::Group(inner) => path_of(&inner.expr),
        Expr::Paren(inner) => path_of(&inner.expr),
        _ => None,
    }
}

/// A path without arguments for type parameters.
pub fn without_arguments(path: &Path) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        segment.arguments = PathArguments::None;
    }
    path
}
