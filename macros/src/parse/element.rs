//! One layer, or the loss.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Error, Expr, FieldValue, GenericArgument, Ident, Path, Result, Token, braced,
    parenthesized, parse_quote_spanned,
};

use super::text;
use crate::known;
use crate::mistakes::Mistakes;

/// A layer or the loss as it was written.
pub struct Element {
    pub name: Option<Ident>,
    /// Without its arguments. A wrong name is replaced by the one that is meant.
    pub path: Path,
    /// What is wrong with the name.
    pub correction: Option<Correction>,
    /// What stands in `<...>`, with the brackets.
    pub arguments: Option<AngleBracketedGenericArguments>,
    /// What stands in `(...)`.
    pub hyperparameters: Option<Hyperparameters>,
}

/// A name that is none here.
pub struct Correction {
    pub span: Span,
    pub message: String,
    written: String,
}

/// Values in `(...)`.
pub struct Hyperparameters {
    /// The opening parenthesis.
    pub span: Span,
    pub values: Vec<Expr>,
}

impl Element {
    pub fn parse(input: ParseStream, library: &Path, mistakes: &mut Mistakes) -> Result<Self> {
        let name = name(input, mistakes)?;
        if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
            return Err(input.error("expected a layer, such as `Affine<784, 50>` or `Relu`"));
        }
        let path = Path::parse_mod_style(input)?;
        let arguments = if input.peek(Token![<]) { Some(arguments(input)?) } else { None };
        let hyperparameters = if input.peek(syn::token::Paren) {
            let inside;
            let span = parenthesized!(inside in input).span.open();
            let values = Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
            Some(Hyperparameters { span, values })
        } else {
            fields(input, &path, mistakes)
        };
        let (path, correction) = correct(path, library);
        Ok(Self { name, path, correction, arguments, hyperparameters })
    }

    /// The type's own name, without the modules it is in.
    pub fn type_name(&self) -> &Ident {
        &self.path.segments.last().expect("a path has at least one segment").ident
    }

    /// Whether this is the library's type of that name: it stands alone, or is found in `typenet`.
    pub fn is_ours(&self, name: &str) -> bool {
        let alone = self.path.segments.len() == 1 || self.path.segments[0].ident == "typenet";
        self.type_name() == name && (alone || self.correction.is_some())
    }

    /// Whether it is one of the library's losses.
    pub fn is_a_loss(&self) -> bool {
        known::LOSSES.iter().any(|name| self.is_ours(name))
    }

    /// Whether it is one of the library's layers.
    pub fn is_a_layer(&self) -> bool {
        known::layers().any(|name| self.is_ours(name))
    }

    /// What stands in `<...>`.
    pub fn arguments(&self) -> Vec<&GenericArgument> {
        self.arguments.iter().flat_map(|arguments| &arguments.args).collect()
    }

    /// As it was written, in the usual spacing.
    pub fn text(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        let name = self.correction.as_ref().map_or_else(|| text(&self.path), |correction| correction.written.clone());
        let arguments = self.arguments().into_iter().map(text).collect();
        let arguments = self.arguments.as_ref().map(|_| format!("<{}>", list(arguments)));
        let values = self.hyperparameters.as_ref();
        let values = values.map(|values| format!("({})", list(values.values.iter().map(text).collect())));
        format!("{name}{}{}", arguments.unwrap_or_default(), values.unwrap_or_default())
    }
}

/// The type with its arguments.
impl ToTokens for Element {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
        self.arguments.to_tokens(tokens);
    }
}

/// `{ name: value }`, which is understood, and a mistake.
fn fields(input: ParseStream, path: &Path, mistakes: &mut Mistakes) -> Option<Hyperparameters> {
    let ahead = input.fork();
    let (span, fields) = parse_fields(&ahead).ok().filter(|(_, fields)| !fields.is_empty())?;
    input.advance_to(&ahead);
    let values: Vec<Expr> = fields.into_iter().map(|field| field.expr).collect();
    let written: Vec<String> = values.iter().map(text).collect();
    let message =
        format!("hyperparameters stand in parentheses, without names: `{}({})`", text(path), written.join(", "));
    mistakes.add_at(span, message);
    Some(Hyperparameters { span, values })
}

fn parse_fields(input: ParseStream) -> Result<(Span, Punctuated<FieldValue, Token![,]>)> {
    let inside;
    let span = braced!(inside in input).span.open();
    Ok((span, Punctuated::parse_terminated(&inside)?))
}

fn arguments(input: ParseStream) -> Result<AngleBracketedGenericArguments> {
    input.parse().map_err(|error| {
        let message = "expected `,` or `>` after a size; a size that is an expression stands in braces: `{28 * 28}`";
        Error::new(error.span(), message)
    })
}

/// `name:`, if it is there.
fn name(input: ParseStream, mistakes: &mut Mistakes) -> Result<Option<Ident>> {
    let colon = input.peek2(Token![:]) && !input.peek2(Token![::]);
    if !colon || !(input.peek(Ident::peek_any) || input.peek(Token![_])) {
        return Ok(None);
    }
    let name = if input.peek(Ident) {
        Some(input.parse()?)
    } else {
        let word =
            if input.peek(Token![_]) { input.parse::<Token![_]>()?.into() } else { input.call(Ident::parse_any)? };
        mistakes.add(&word, format!("`{word}` cannot be a layer's name: it has a meaning in Rust"));
        None
    };
    input.parse::<Token![:]>()?;
    Ok(name)
}

/// Replaces a name of another library, or a misspelling, by what is meant. A path from here, such as `self::Linear`, is always the
/// user's own.
fn correct(path: Path, library: &Path) -> (Path, Option<Correction>) {
    let Some((name, (meant, message))) = correction(&path) else { return (path, None) };
    let span = name.span();
    let correction = Correction { span, message, written: text(&path) };
    let meant_name = Ident::new(meant, span);
    let module = if known::LOSSES.contains(&meant) { Ident::new("losses", span) } else { Ident::new("layers", span) };
    // All of it stands where the wrong name stands.
    let library: TokenStream = library.to_token_stream().into_iter().map(|token| at(token, span)).collect();
    (parse_quote_spanned!(span=> #library::#module::#meant_name), Some(correction))
}

/// What is wrong with a name, or with the last of a path.
fn correction(path: &Path) -> Option<(Ident, (&'static str, String))> {
    let last = &path.segments.last()?.ident;
    let found = if path.segments.len() == 1 {
        known::correction(&last.to_string())
    } else if ["self", "super", "crate"].iter().any(|start| path.segments[0].ident == start) {
        None
    } else {
        known::no_type(&text(path))
    };
    Some((last.clone(), found?))
}

fn at(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(span);
    token
}
