//! One layer, or the loss.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Error, Expr, FieldValue, GenericArgument, Ident, Path, Result, Token, braced,
    parenthesized,
};

use super::text;
use crate::known;
use crate::mistakes::Mistakes;

/// A layer or the loss as it was written.
pub struct Element {
    pub name: Option<Ident>,
    /// Without its arguments.
    pub path: Path,
    /// What stands in `<...>`, with the brackets.
    pub arguments: Option<AngleBracketedGenericArguments>,
    /// What stands in `(...)`.
    pub hyperparameters: Option<Hyperparameters>,
}

/// Values in `(...)`.
pub struct Hyperparameters {
    /// The opening parenthesis.
    pub span: Span,
    pub values: Vec<Expr>,
}

impl Element {
    pub fn parse(input: ParseStream, mistakes: &mut Mistakes) -> Result<Self> {
        let name = name(input, mistakes)?;
        if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
            return Err(input.error("expected a layer, such as `Affine<784, 50>` or `Relu`"));
        }
        let path = type_of(Path::parse_mod_style(input)?, mistakes);
        let arguments = if input.peek(Token![<]) { Some(arguments(input)?) } else { None };
        let hyperparameters = if input.peek(syn::token::Paren) {
            let inside;
            let span = parenthesized!(inside in input).span.open();
            let values = Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
            Some(Hyperparameters { span, values })
        } else {
            fields(input, &path, mistakes)
        };
        Ok(Self { name, path, arguments, hyperparameters })
    }

    /// The type's own name, without the modules it is in.
    pub fn type_name(&self) -> &Ident {
        &self.path.segments.last().expect("a path has at least one segment").ident
    }

    /// Whether this is taken for the library's type of that name: it stands alone, or is found in `typenet`.
    pub fn is_ours(&self, name: &str) -> bool {
        let alone = self.path.segments.len() == 1 || self.path.segments[0].ident == "typenet";
        self.type_name() == name && alone
    }

    /// Whether it is one of the library's losses.
    pub fn is_a_loss(&self) -> bool {
        known::LOSSES.iter().any(|name| self.is_ours(name))
    }

    /// Whether it is one of the library's layers that keep the width. With other hyperparameters than that one takes, the
    /// type has the word: it is the user's own of that name, or the compiler says what is wrong.
    pub fn is_elementwise(&self) -> bool {
        let takes = usize::from(known::WITH_HYPERPARAMETER.iter().any(|name| self.is_ours(name)));
        let given = self.hyperparameters.as_ref().map(|given| given.values.len());
        known::ELEMENTWISE.iter().any(|name| self.is_ours(name))
            && given.is_none_or(|given| given == takes && takes > 0)
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
        let name = text(&self.path);
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

/// The layer's type where a function stands in its place, which is understood, and a mistake: `Type::new`, or the function
/// that an activation is made of. A path from here, such as `self::swish`, is always a type of the user's own.
fn type_of(mut path: Path, mistakes: &mut Mistakes) -> Path {
    let written = text(&path);
    let from_here = ["self", "super", "crate"].iter().any(|start| path.segments[0].ident == start);
    let last = path.segments.last().expect("a path has at least one segment").ident.clone();
    let name = last.to_string();
    if from_here || !name.starts_with(char::is_lowercase) {
        return path;
    }
    path.segments.pop();
    if name == "new" && !path.segments.is_empty() {
        path.segments.pop_punct();
        let message = format!(
            "a layer is written as its type with its hyperparameters, as in `{}(0.5)`, which makes it by `{written}`",
            text(&path)
        );
        mistakes.add(last, message);
        return path;
    }
    path.segments.push(Ident::new(&known::pascal_case(&name), last.span()).into());
    let message = format!(
        "a layer is a type, which begins with a capital letter: `{}`, if it is the one that `#[activation]` makes of the function `{name}` (a type of your own: `self::{written}`)",
        text(&path)
    );
    mistakes.add(last, message);
    path
}
