//! Parses tokens into plain data, and reports syntax errors only.
//!
//! ```text
//! networks    = { network ";" }
//! network     = { attribute } [ visibility ] ( "struct" | "block" ) name [ "<" const parameters ">" ] "=" chain
//! chain       = element { "->" element }
//! element     = [ name ":" ] path ( [ "<" arguments ">" ] [ "(" hyperparameters ")" ] | "[" chain { "|" chain } "]" )
//! hyperparameters = values, or `name = value` pairs, separated by commas
//! ```

mod chain;
mod element;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ConstParam, Error, GenericParam, Generics, Ident, Path, Result, Token, Visibility, WhereClause};

use crate::mistakes::Mistakes;
pub use chain::Chain;
pub use element::{Element, usage};

/// The kinds of declarations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `struct`: layers that end in a loss.
    Network,
    /// `block`: layers that are used as one layer.
    Block,
}

impl Kind {
    /// The noun for error messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Block => "block",
        }
    }
}

/// The parsed declaration of a network or of a block.
#[derive(Clone)]
pub struct Declaration {
    pub kind: Kind,
    /// The attributes, without `#[typenet(...)]`.
    pub attributes: Vec<Attribute>,
    /// The path of the library: `::typenet`, or the path of `#[typenet(crate = path)]`.
    pub library: Path,
    pub visibility: Visibility,
    pub name: Ident,
    pub sizes: Vec<ConstParam>,
    pub chain: Chain,
}

/// Tokens as text, with the usual spacing.
pub fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string().replace(" :: ", "::").replace(":: ", "::");
    text.strip_prefix("- ").map_or(text.clone(), |number| format!("-{number}"))
}

/// A type as text, with the usual spacing.
pub fn type_text(kind: &impl ToTokens) -> String {
    let usual = [(" <", "<"), ("< ", "<"), (" >", ">"), ("& ", "&"), (" ,", ",")];
    usual.iter().fold(text(kind), |text, (spaced, usual)| text.replace(spaced, usual))
}

/// Returns true if the tokens contain a name, such as that of the scalar `T`.
pub fn mentions(tokens: &TokenStream, needle: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == needle,
        TokenTree::Group(group) => mentions(&group.stream(), needle),
        _ => false,
    })
}

/// Parses all declarations. After a syntax error, parsing continues behind the next semicolon.
pub fn declarations(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Declaration> {
    let mut found = Vec::new();
    let last = tokens.clone().into_iter().last().map_or_else(Span::call_site, |token| token.span());
    let all = |input: ParseStream| {
        while !input.is_empty() {
            match declaration(input, last, mistakes) {
                Ok(declaration) => found.push(declaration),
                Err(error) => {
                    mistakes.add_error(placed(error, input, last));
                    skip_to_semicolon(input);
                }
            }
        }
        Ok(())
    };
    if let Err(error) = all.parse2(tokens) {
        mistakes.add_error(error);
    }
    found
}

/// Moves an error at the end of the input, which has no token there, to the last token.
fn placed(error: Error, input: ParseStream, last: Span) -> Error {
    if input.is_empty() { Error::new(last, error.to_string()) } else { error }
}

/// Parses one declaration. Returns an error if its name cannot be parsed.
fn declaration(input: ParseStream, last: Span, mistakes: &mut Mistakes) -> Result<Declaration> {
    let attributes = Attribute::parse_outer(input)?;
    let visibility = input.parse()?;
    let kind = keyword(input, mistakes)?;
    let name: Ident = input.parse()?;
    let (attributes, library) = split_attributes(attributes, mistakes);
    let sizes = sizes(input.parse()?, mistakes);
    let chain = Chain::new(name.span());
    let mut declaration = Declaration { kind, attributes, library, visibility, name, sizes, chain };
    if let Err(error) = body(input, &mut declaration, mistakes) {
        mistakes.add_error(placed(error, input, last));
        declaration.chain.broken = true;
        skip_to_semicolon(input);
    }
    Ok(declaration)
}

fn keyword(input: ParseStream, mistakes: &mut Mistakes) -> Result<Kind> {
    if input.parse::<Option<Token![struct]>>()?.is_some() {
        return Ok(Kind::Network);
    }
    if is_block(input) {
        input.parse::<Ident>()?;
        return Ok(Kind::Block);
    }
    if input.peek(syn::Ident) && (input.peek2(Token![=]) || input.peek2(Token![<])) {
        let name: Ident = input.fork().parse()?;
        mistakes.add(&name, format!("`struct` is missing: write `struct {name} = ...`"));
        return Ok(Kind::Network);
    }
    let found = input.cursor().token_tree().map(|(token, _)| token);
    Err(match found {
        Some(token) => Error::new_spanned(&token, format!("expected `struct Name = layers;`, found `{token}`")),
        None => input.error("expected `struct Name = layers;`"),
    })
}

/// Returns true if the declaration of a block begins here: `block Name`. `block` is an ordinary name elsewhere.
pub fn is_block(input: ParseStream) -> bool {
    let is_keyword = input.fork().parse::<Ident>().is_ok_and(|name| name == "block");
    is_keyword && input.peek2(syn::Ident)
}

/// Parses everything after the name and its parameters.
fn body(input: ParseStream, declaration: &mut Declaration, mistakes: &mut Mistakes) -> Result<()> {
    if input.peek(Token![where]) {
        let clause: WhereClause = input.parse()?;
        mistakes.add(clause, "a network cannot have a `where` clause: remove it");
    }
    if input.peek(syn::token::Paren) || input.peek(syn::token::Brace) {
        let message = "a network has layers instead of fields: write them after `=`, as in `struct Net = Affine<784, 10> -> SoftmaxWithLoss;`";
        let group: TokenTree = input.parse()?;
        let in_braces = matches!(&group, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace);
        mistakes.add_at(opening(&group), message);
        declaration.chain.broken = true;
        if in_braces && !input.peek(Token![=]) {
            input.parse::<Option<Token![;]>>()?;
            return Ok(());
        }
        skip_to_semicolon(input);
        return Ok(());
    }
    if !input.peek(Token![=]) {
        return Err(input.error(format!("expected `=` and the layers of `{}`", declaration.name)));
    }
    if input.peek(Token![=>]) || input.peek(Token![==]) {
        return Err(input.error(format!("expected a single `=` and the layers of `{}`", declaration.name)));
    }
    input.parse::<Token![=]>()?;
    declaration.chain.parse(input, mistakes)?;
    chain::end(input, &declaration.name, mistakes);
    Ok(())
}

/// The position of a group's opening delimiter.
fn opening(group: &TokenTree) -> Span {
    match group {
        TokenTree::Group(group) => group.span_open(),
        other => other.span(),
    }
}

/// Removes `#[typenet(crate = path)]` from the attributes.
fn split_attributes(attributes: Vec<Attribute>, mistakes: &mut Mistakes) -> (Vec<Attribute>, Path) {
    let mut library: Path = syn::parse_quote!(::typenet);
    let (ours, others): (Vec<_>, Vec<_>) = attributes.into_iter().partition(|one| one.path().is_ident("typenet"));
    for attribute in ours {
        let parsed = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("unknown option: the only one is `#[typenet(crate = path)]`"));
            }
            library = meta.value()?.call(Path::parse_mod_style)?;
            Ok(())
        });
        if let Err(error) = parsed {
            mistakes.add_error(error);
        }
    }
    (others, library)
}

fn sizes(generics: Generics, mistakes: &mut Mistakes) -> Vec<ConstParam> {
    let mut sizes = Vec::new();
    for parameter in generics.params {
        match parameter {
            GenericParam::Const(mut size) => {
                if text(&size.ty) == "usize" {
                    size.ty = syn::parse_quote!(::core::primitive::usize); // the user may shadow `usize`
                }
                sizes.push(size);
            }
            GenericParam::Lifetime(lifetime) => {
                mistakes.add(
                    lifetime,
                    "a network cannot have lifetime parameters, only sizes, such as `const HIDDEN: usize`",
                );
            }
            GenericParam::Type(kind) => {
                mistakes.add(
                    kind,
                    "a network is generic over its scalar `T` already: add only sizes, such as `const HIDDEN: usize`",
                );
            }
        }
    }
    sizes
}

fn skip_to_semicolon(input: ParseStream) {
    while let Ok(token) = input.parse::<TokenTree>() {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            return;
        }
    }
}
