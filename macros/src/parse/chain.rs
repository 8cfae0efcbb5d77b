//! Parses the layers and the arrows between them. Parsing continues after a wrong arrow.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Result, Token};

use super::{Declaration, Element};
use crate::mistakes::Mistakes;

/// Parses up to and including the semicolon.
pub fn parse(input: ParseStream, declaration: &mut Declaration, mistakes: &mut Mistakes) -> Result<()> {
    declaration.end = input.span();
    while let Some(arrow) = arrow(input)? {
        mistakes.add(arrow, "a layer is missing before this `->`");
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

/// Parses the arrow between two layers.
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

/// Reports tokens that are not an arrow, and skips them unless they begin a layer.
fn wrong_arrow(input: ParseStream, declaration: &Declaration, mistakes: &mut Mistakes) -> Result<()> {
    if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        let before = declaration.chain.last().map(Element::text).unwrap_or_default();
        let fork = input.fork();
        let next: TokenTree = fork.parse()?;
        mistakes.add(&next, format!("`->` is missing between `{before}` and `{next}`"));
        return Ok(());
    }
    let mut wrong = TokenStream::new();
    while let Some((TokenTree::Punct(punct), _)) =
        input.cursor().punct().map(|(punct, rest)| (TokenTree::from(punct), rest))
    {
        if punct.as_char() == ';' || punct.as_char() == ':' || (!wrong.is_empty() && input.peek(Token![->])) {
            break;
        }
        wrong.extend(input.parse::<TokenTree>()?.to_token_stream());
    }
    if wrong.is_empty() {
        return Err(input.error("expected `->` and the next layer, or `;` at the end of the network"));
    }
    let text: String = wrong.clone().into_iter().map(|token| token.to_string()).collect();
    mistakes.add(wrong, format!("expected `->` between layers, found `{text}`"));
    Ok(())
}

fn at_end(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![;]) || next_declaration(input)
}

/// Returns true if another network begins here, because the semicolon is missing.
fn next_declaration(input: ParseStream) -> bool {
    input.peek(Token![struct]) || input.peek(Token![pub]) || input.peek(Token![#]) || super::is_block(input)
}

/// Parses the semicolon, which is optional after the last network.
fn end(input: ParseStream, declaration: &Declaration, mistakes: &mut Mistakes) {
    if input.parse::<Token![;]>().is_err() && !input.is_empty() {
        let message = format!("`;` is missing between `{}` and this declaration", declaration.name);
        mistakes.add(input.cursor().token_tree().map(|(token, _)| token), message);
    }
}
