//! What stands where a function should, but is none that can be read.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{Error, Path, Result, Token, TraitItemFn, Visibility, parenthesized};

use super::Attribute;
use super::rest::{Parameter, Takes, unnamed};
use super::stand_in::{Head, beside_head, body};

/// What is written beside it.
pub fn unread(attribute: Attribute, item: &TokenStream, error: &Error, library: &Path) -> TokenStream {
    if !item.clone().into_iter().any(|token| token.to_string() == "fn") {
        let first = item.clone().into_iter().next();
        return Error::new_spanned(first, "this attribute stands before a function").into_compile_error();
    }
    let beside = head.parse2(item.clone()).ok().and_then(|head| beside_head(attribute, &head, library));
    let error = unless_told(error);
    quote!(#error #beside)
}

/// The same of a function that is only declared, as it may be in a trait, where nothing else can be written.
pub fn without_body(item: &TokenStream) -> Option<TokenStream> {
    let function = syn::parse2::<TraitItemFn>(item.clone()).ok().filter(|function| function.default.is_none())?;
    let message = "this function has no body of which the derivatives could be found: they are written beside a function that stands in a module or in another function";
    let (error, head) = (Error::new_spanned(&function.sig.ident, message).into_compile_error(), function.sig);
    let (attributes, body) = (function.attrs, body());
    Some(quote!(#error #(#attributes)* #[allow(unused)] #head #body))
}

/// The compiler has told of what it could not read itself. Then it does not come as far as to warnings, and there is one error.
fn unless_told(error: &Error) -> TokenStream {
    let message = error.to_string();
    quote_spanned! {error.span()=>
        #[deny(unused_must_use)]
        const _: () = {
            #[must_use = #message]
            struct Syntax;
            Syntax;
        };
    }
}

/// What can be read of the function: its name, and those of its parameters.
fn head(input: ParseStream) -> Result<Head> {
    let attributes = input.call(syn::Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    while !input.peek(Token![fn]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Token![fn]>()?;
    let name: Ident = input.parse()?;
    while !input.peek(syn::token::Paren) {
        input.parse::<TokenTree>()?;
    }
    let content;
    parenthesized!(content in input);
    let parameters = names(content.parse()?).into_iter().map(|name| Parameter { name, takes: Takes::Number });
    let parameters = parameters.collect();
    input.parse::<TokenStream>()?;
    Ok(Head { attributes, visibility, name, number: None, parameters })
}

/// The first name in each part between commas.
fn names(parameters: TokenStream) -> Vec<Ident> {
    let tokens: Vec<TokenTree> = parameters.into_iter().collect();
    let parts = tokens.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','));
    let parts = parts.filter(|part| !part.is_empty()).enumerate();
    let name = |(place, part): (usize, &[TokenTree])| match part {
        [TokenTree::Ident(name), ..] if is_a_name(name) => name.clone(),
        _ => unnamed(place),
    };
    parts.map(name).collect()
}

/// Whether it is no keyword.
fn is_a_name(word: &Ident) -> bool {
    syn::parse2::<Ident>(word.to_token_stream()).is_ok()
}
