//! How another function is found. What it is cannot be seen here: a call may be of a differentiable function, beside which
//! stands a type of its name, of an ordinary one, or of none.
//!
//! ```text
//! const _: () = {
//!     // What stands for a function that is missing, or has no such type.
//!     type __called<T> = NotDifferentiable<T>;
//!     // Something of that name which is no type, so that the import never fails.
//!     fn square() {}
//!     const _: () = {
//!         // The function; and the type, if there is one.
//!         use square as __called;
//!         impl Calls<0> for __CubeCalls { type Of<T> = __called<T>; }
//!     };
//! };
//! ```
//!
//! What is not differentiable does not meet the bound of `Of`, and that is the one error. The body finds the function
//! in the same way, so that there is no second error where it is missing.
//!
//! Errors are told, and editors show what a name means, where tokens say that they are from. So of what is written here only
//! that says it is from the call which has something to say there.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, ExprPath, Path, PathArguments, parse_quote};

use super::operation::Callee;
use super::signature::Signature;

/// For each function that is called, the type of its calls.
pub fn types(signature: &Signature, callees: &[Callee]) -> TokenStream {
    let list = (!callees.is_empty()).then(|| {
        let (list, attributes) = (list(signature), signature.attributes());
        quote!(#(#attributes)* #[doc(hidden)] enum #list {})
    });
    let found = callees.iter().map(|callee| {
        let (found, attributes) = (found(signature, callee), signature.attributes());
        quote! {
            #(#attributes)*
            #[allow(dead_code, non_camel_case_types)]
            const _: () = { #found };
        }
    });
    quote!(#list #(#found)*)
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
    let (called, import) = (called(Span::mixed_site()), import(&callee.path));
    let name = name_here(&callee.path).map(|name| quote!(fn #name() {}));
    let kind = found_type(callee.name.span());
    quote! {
        type #called<T> = #library::differentiated::NotDifferentiable<T>;
        #name
        const _: () = {
            #import
            impl #library::differentiated::Calls<#place> for #list {
                type Of<T> = #kind;
            }
        };
    }
}

/// What has been found, as a type. An error about it is told at that place.
fn found_type(place: Span) -> TokenStream {
    let (called, parameter) = (called(place), quote!(T));
    quote_spanned!(place=> #called<#parameter>)
}

/// The name of a function that is looked for here, not in another module. There an import that fails is one error already.
fn name_here(path: &Path) -> Option<Ident> {
    let mut name = path.segments.first()?.ident.clone();
    name.set_span(Span::mixed_site());
    (path.segments.len() == 1).then_some(name)
}

/// The function, by a name of ours; and the type, if there is one.
fn import(path: &Path) -> TokenStream {
    let called = called(last(path));
    quote!(#[allow(deprecated, unused_imports)] use #path as #called;)
}

/// That name.
fn called(place: Span) -> Ident {
    Ident::new("__called", place)
}

/// Where the last name of a path is written.
fn last(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::mixed_site, |last| last.ident.span())
}

/// The function, in the body; or one that stands for it if it is missing. An error about it is told where it is called.
pub fn function(path: &Path, generic: Option<&PathArguments>, arguments: usize) -> Expr {
    let (place, missing) = (last(path), called(Span::mixed_site()));
    let (called, name) = (called(place), name_here(path));
    // The type is nothing to show to who asks what the name means.
    let import = name.as_ref().map_or_else(|| import(path), |name| import(&name.clone().into()));
    let name = name.map(|name| quote!(#[allow(non_camel_case_types)] struct #name {}));
    let parameters = (0..arguments).map(|_| quote!(_: T));
    let found = quote! {
        fn #missing<T>(#(#parameters),*) -> T {
            ::core::unreachable!("a call of a function that is missing does not compile")
        }
        #name
        {
            #import
            #called #generic
        }
    };
    let value = at(found, place);
    parse_quote!(#value)
}

/// A value at that place, whatever places its tokens have.
pub fn at(value: TokenStream, place: Span) -> TokenStream {
    let block = group(Delimiter::Brace, value, place);
    group(Delimiter::Parenthesis, block.into_token_stream(), place).into_token_stream()
}

fn group(delimiter: Delimiter, tokens: TokenStream, place: Span) -> Group {
    let mut group = Group::new(delimiter, tokens);
    group.set_span(place);
    group
}

/// The path of what is called, if it is one: parentheses may stand around it, or what a macro puts there.
pub fn path_of(called: &Expr) -> Option<&ExprPath> {
    match called {
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
