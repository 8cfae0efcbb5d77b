//! The layers and what joins them. What is wrong with an arrow does not keep the rest from being read.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Result, Token};

use super::{Declaration, Element};
use crate::mistakes::Mistakes;

/// Reads up to and including the semicolon.
pub fn parse(input: ParseStream, declaration: &mut Declaration, mistakes: &mut Mistakes) -> Result<()> {
    declaration.end = input.span();
    while let Some(arrow) = arrow(input)? {
        mistakes.add(arrow, "there is no layer before this `->`");
    }
    while !at_end(input) {
        let element = Element::parse(input, mistakes)?;
        declaration.chain.push(element);
        declaration.end = input.span();
        if at_end(input) {
            break;
        }
        join(input, declaration, mistakes)?;
    }
    end(input, declaration, mistakes);
    Ok(())
}

/// Reads what joins two layers.
fn join(input: ParseStream, declaration: &mut Declaration, mistakes: &mut Mistakes) -> Result<()> {
    match arrow(input)? {
        Some(arrow) if at_end(input) => {
            mistakes.add(arrow, "a layer or the loss is missing after this `->`");
            declaration.broken = true;
        }
        Some(_) => {}
        None => wrong_arrow(input, declaration, mistakes)?,
    }
    while let Some(arrow) = arrow(input)? {
        mistakes.add(arrow, "a layer is missing between this `->` and the one before it");
    }
    Ok(())
}

fn arrow(input: ParseStream) -> Result<Option<Token![->]>> {
    input.parse()
}

/// Whatever stands where an arrow should.
fn wrong_arrow(input: ParseStream, declaration: &Declaration, mistakes: &mut Mistakes) -> Result<()> {
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        let before = declaration.chain.last().map(Element::text).unwrap_or_default();
        let fork = input.fork();
        let next: TokenTree = fork.parse()?;
        mistakes.add(&next, format!("`->` is missing between `{before}` and `{next}`"));
        return Ok(());
    }
    let mut written = TokenStream::new();
    while let Some((TokenTree::Punct(punct), _)) =
        input.cursor().punct().map(|(punct, rest)| (TokenTree::from(punct), rest))
    {
        if punct.as_char() == ';' || punct.as_char() == ':' || (!written.is_empty() && input.peek(Token![->])) {
            break;
        }
        written.extend(input.parse::<TokenTree>()?.to_token_stream());
    }
    if written.is_empty() {
        return Err(input.error("expected `->` and another layer, or `;` at the end of the network"));
    }
    let text: String = written.clone().into_iter().map(|token| token.to_string()).collect();
    mistakes.add(written, format!("layers are joined by `->`, not by `{text}`"));
    Ok(())
}

fn at_end(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![;]) || next_declaration(input)
}

/// Whether another network begins, because the semicolon is missing.
fn next_declaration(input: ParseStream) -> bool {
    input.peek(Token![struct]) || input.peek(Token![pub]) || input.peek(Token![#])
}

/// The last semicolon may be left out.
fn end(input: ParseStream, declaration: &Declaration, mistakes: &mut Mistakes) {
    if input.parse::<Token![;]>().is_err() && !input.is_empty() {
        let message = format!("`;` is missing between `{}` and this network", declaration.name);
        mistakes.add(input.cursor().token_tree().map(|(token, _)| token), message);
    }
}
