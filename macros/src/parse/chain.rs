//! Parses the layers and the arrows between them. Parsing continues after a wrong arrow.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Result, Token};

use super::Element;
use crate::mistakes::Mistakes;

/// The elements between arrows.
#[derive(Clone)]
pub struct Chain {
    pub elements: Vec<Element>,
    /// Set if a part of the chain could not be parsed, which is reported already.
    pub broken: bool,
    /// The end of the chain, where missing layers are reported.
    pub end: Span,
    /// True for a chain in brackets.
    in_brackets: bool,
}

impl Chain {
    /// The empty chain of a declaration.
    pub const fn new(end: Span) -> Self {
        Self { elements: Vec::new(), broken: false, end, in_brackets: false }
    }

    /// Parses one of the chains in brackets, whose last one ends at `close`.
    pub fn in_brackets(input: ParseStream, close: Span, mistakes: &mut Mistakes) -> Result<Self> {
        let end = if input.is_empty() { close } else { input.span() };
        let mut chain = Self { in_brackets: true, ..Self::new(end) };
        chain.parse(input, mistakes)?;
        Ok(chain)
    }

    /// All elements, including those in brackets.
    pub fn all(&self) -> Vec<&Element> {
        let mut all = Vec::new();
        for element in &self.elements {
            all.push(element);
            all.extend(element.chains().iter().flat_map(Self::all));
        }
        all
    }

    /// Parses up to the end of the chain.
    pub fn parse(&mut self, input: ParseStream, mistakes: &mut Mistakes) -> Result<()> {
        if !input.is_empty() {
            self.end = input.span();
        }
        while let Some(arrow) = arrow(input)? {
            mistakes.add(arrow, "a layer is missing before this `->`");
        }
        while !self.at_end(input) {
            let element = Element::parse(input, mistakes)?;
            self.elements.push(element);
            if !input.is_empty() {
                self.end = input.span();
            }
            if self.at_end(input) {
                break;
            }
            self.join(input, mistakes)?;
        }
        Ok(())
    }

    /// Parses the arrow between two layers.
    fn join(&mut self, input: ParseStream, mistakes: &mut Mistakes) -> Result<()> {
        match arrow(input)? {
            Some(arrow) if self.at_end(input) => {
                let missing = if self.in_brackets { "a layer" } else { "a layer or the loss" };
                mistakes.add(arrow, format!("{missing} is missing after this `->`"));
                self.broken = true;
            }
            Some(_) => {}
            None => self.wrong_arrow(input, mistakes)?,
        }
        while let Some(arrow) = arrow(input)? {
            mistakes.add(arrow, "a layer is missing between this `->` and the one before it");
        }
        Ok(())
    }

    /// Reports tokens that are not an arrow, and skips them unless they begin a layer.
    fn wrong_arrow(&mut self, input: ParseStream, mistakes: &mut Mistakes) -> Result<()> {
        if input.peek(Ident::peek_any) || input.peek(Token![::]) {
            let before = self.elements.last().map(Element::text).unwrap_or_default();
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
            let ends = if self.in_brackets { "`|` or `]`" } else { "or `;` at the end of the network" };
            return Err(input.error(format!("expected `->` and the next layer, {ends}")));
        }
        let text: String = wrong.clone().into_iter().map(|token| token.to_string()).collect();
        let message = if text == "|" {
            "branches are written in brackets, as in `Sum[Affine<8, 4> | Affine<8, 4>]`: put `->` here".to_owned()
        } else if self.in_brackets {
            self.broken = true;
            format!("expected `->` between layers or `|` between branches, found `{text}`")
        } else {
            format!("expected `->` between layers, found `{text}`")
        };
        mistakes.add(wrong, message);
        Ok(())
    }

    fn at_end(&self, input: ParseStream) -> bool {
        let ends =
            if self.in_brackets { input.peek(Token![|]) } else { input.peek(Token![;]) || next_declaration(input) };
        input.is_empty() || ends
    }
}

fn arrow(input: ParseStream) -> Result<Option<Token![->]>> {
    input.parse()
}

/// Returns true if another network begins here, because the semicolon is missing.
fn next_declaration(input: ParseStream) -> bool {
    input.peek(Token![struct]) || input.peek(Token![pub]) || input.peek(Token![#]) || super::is_block(input)
}

/// Parses the semicolon, which is optional after the last network.
pub fn end(input: ParseStream, name: &Ident, mistakes: &mut Mistakes) {
    if input.parse::<Token![;]>().is_err() && !input.is_empty() {
        let message = format!("`;` is missing between `{name}` and this declaration");
        mistakes.add(input.cursor().token_tree().map(|(token, _)| token), message);
    }
}
