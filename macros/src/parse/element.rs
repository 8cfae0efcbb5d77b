//! Parses one element of the chain: a layer, the loss or `Input`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Error, Expr, ExprAssign, FieldValue, GenericArgument, Ident, Path, Result, Token,
    braced, bracketed, parenthesized,
};

use super::{Chain, text};
use crate::known;
use crate::mistakes::Mistakes;

/// An element of the chain, as declared.
#[derive(Clone)]
pub struct Element {
    pub name: Option<Ident>,
    /// The type's path, without generic arguments.
    pub path: Path,
    /// The generic arguments, including the angle brackets.
    pub arguments: Option<AngleBracketedGenericArguments>,
    /// The arguments in `(...)`.
    pub hyperparameters: Option<Hyperparameters>,
    /// The chains in `[...]`.
    pub brackets: Option<Brackets>,
}

/// The chains in `[...]`, separated by `|`.
#[derive(Clone)]
pub struct Brackets {
    /// The opening bracket.
    pub span: Span,
    pub chains: Vec<Chain>,
}

impl Brackets {
    /// Parses the chains. In other delimiters they are parsed too, and the delimiters are reported.
    fn parse(input: ParseStream, path: &Path, mistakes: &mut Mistakes) -> Result<Self> {
        let inside;
        let (span, is_wrong) = if input.peek(syn::token::Bracket) {
            (bracketed!(inside in input).span, false)
        } else if input.peek(syn::token::Paren) {
            (parenthesized!(inside in input).span, true)
        } else {
            (braced!(inside in input).span, true)
        };
        if is_wrong {
            let message = format!("write chains of layers in square brackets, as in `{}`", usage(&text(path)));
            mistakes.add_at(span.open(), message);
        }
        let mut parse_chains = || {
            let mut chains = vec![Chain::in_brackets(&inside, span.close(), mistakes)?];
            while inside.parse::<Option<Token![|]>>()?.is_some() {
                chains.push(Chain::in_brackets(&inside, span.close(), mistakes)?);
            }
            Ok::<_, Error>(chains)
        };
        let chains = parse_chains();
        inside.parse::<TokenStream>()?; // what is left after a mistake would be reported too
        Ok(Self { span: span.open(), chains: chains? })
    }
}

/// An example of a layer with chains in brackets.
pub fn usage(name: &str) -> String {
    let chains =
        if name.ends_with("Residual") { "Affine<50, 50> -> Relu" } else { "Affine<50, 10> | Affine<50, 10> -> Tanh" };
    format!("{name}[{chains}]")
}

/// The hyperparameters in `(...)`.
#[derive(Clone)]
pub struct Hyperparameters {
    /// The opening parenthesis.
    pub span: Span,
    pub values: Vec<Expr>,
}

impl Hyperparameters {
    /// The values that have a name, as in `(momentum = 0.2)`.
    pub fn named(&self) -> Vec<(&Ident, &Expr)> {
        let named = self.values.iter().filter_map(|value| match value {
            Expr::Assign(ExprAssign { left, right, .. }) => match &**left {
                Expr::Path(name) => Some((name.path.get_ident()?, &**right)),
                _ => None,
            },
            _ => None,
        });
        named.collect()
    }
}

impl Element {
    pub fn parse(input: ParseStream, mistakes: &mut Mistakes) -> Result<Self> {
        let name = name(input, mistakes)?;
        if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
            return Err(input.error("expected a layer, such as `Affine<784, 50>` or `Relu`"));
        }
        let path = type_of(Path::parse_mod_style(input)?, mistakes);
        let arguments = if input.peek(Token![<]) { Some(arguments(input)?) } else { None };
        let mut element = Self { name, path, arguments, hyperparameters: None, brackets: None };
        element.parse_rest(input, mistakes)?;
        Ok(element)
    }

    /// Parses the chains in brackets, or the hyperparameters.
    fn parse_rest(&mut self, input: ParseStream, mistakes: &mut Mistakes) -> Result<()> {
        let has_group = input.peek(syn::token::Paren) || input.peek(syn::token::Brace);
        if self.takes_chains() && has_group || input.peek(syn::token::Bracket) {
            self.brackets = Some(Brackets::parse(input, &self.path, mistakes)?);
            return Ok(());
        }
        self.hyperparameters = if input.peek(syn::token::Paren) {
            let inside;
            let span = parenthesized!(inside in input).span.open();
            let values = Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?.into_iter().collect();
            Some(Hyperparameters { span, values })
        } else {
            fields(input, &self.path, mistakes)
        };
        Ok(())
    }

    /// The chains in brackets; empty for most layers.
    pub fn chains(&self) -> &[Chain] {
        self.brackets.as_ref().map_or(&[], |brackets| &brackets.chains)
    }

    /// Returns true if this is one of the library's layers with chains in brackets.
    pub fn takes_chains(&self) -> bool {
        known::WITH_CHAINS.iter().any(|name| self.is_ours(name))
    }

    /// The type's name, without its module path.
    pub fn type_name(&self) -> &Ident {
        &self.path.segments.last().expect("a path has at least one segment").ident
    }

    /// Returns true if this names the library's type: the name alone, or a path that begins with `typenet`.
    pub fn is_ours(&self, name: &str) -> bool {
        let alone = self.path.segments.len() == 1 || self.path.segments[0].ident == "typenet";
        self.type_name() == name && alone
    }

    /// Returns true if this is one of the library's losses.
    pub fn is_library_loss(&self) -> bool {
        known::LOSSES.iter().any(|(name, _)| self.is_ours(name))
    }

    /// Returns true if this is one of the library's layers that keep the width.
    ///
    /// With an unexpected number of hyperparameters it is treated as a type of the user's, which the compiler checks.
    pub fn is_elementwise(&self) -> bool {
        let takes = usize::from(known::WITH_HYPERPARAMETER.iter().any(|name| self.is_ours(name)));
        let given = self.hyperparameters.as_ref().map(|given| given.values.len());
        known::ELEMENTWISE.iter().any(|name| self.is_ours(name))
            && given.is_none_or(|given| given == takes && takes > 0)
    }

    /// Returns true if this is one of the library's layers with an input and an output size.
    pub fn is_affine(&self) -> bool {
        known::AFFINE.iter().any(|name| self.is_ours(name))
    }

    /// Returns true if this is the library's layer over class numbers.
    pub fn is_embedding(&self) -> bool {
        self.is_ours(known::EMBEDDING)
    }

    /// Returns true if this is one of the library's layers that take images only.
    pub fn takes_images(&self) -> bool {
        known::IMAGES.iter().any(|name| self.is_ours(name))
    }

    /// Returns true if this is one of the library's layers that take signals only.
    pub fn takes_signals(&self) -> bool {
        self.takes_images() && self.type_name().to_string().ends_with("1d")
    }

    /// Returns true if this is one of the library's layers with parameters for each feature.
    pub fn is_per_feature(&self) -> bool {
        known::PER_FEATURE.iter().any(|name| self.is_ours(name))
    }

    /// Returns true if this is one of the library's layers.
    pub fn is_library_layer(&self) -> bool {
        known::layers().any(|name| self.is_ours(name))
    }

    /// The generic arguments.
    pub fn arguments(&self) -> Vec<&GenericArgument> {
        self.arguments.iter().flat_map(|arguments| &arguments.args).collect()
    }

    /// The element as text without its name, with the usual spacing.
    pub fn text(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        let name = text(&self.path);
        let arguments = self.arguments().into_iter().map(text).collect();
        let arguments = self.arguments.as_ref().map(|_| format!("<{}>", list(arguments)));
        let values = self.hyperparameters.as_ref();
        let values = values.map(|values| format!("({})", list(values.values.iter().map(text).collect())));
        let chains = if self.brackets.is_some() { "[..]" } else { "" };
        format!("{name}{}{}{chains}", arguments.unwrap_or_default(), values.unwrap_or_default())
    }
}

/// Emits the type with its generic arguments.
impl ToTokens for Element {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
        self.arguments.to_tokens(tokens);
    }
}

/// Parses hyperparameters in the form `{ name: value }`, and reports them as a mistake.
fn fields(input: ParseStream, path: &Path, mistakes: &mut Mistakes) -> Option<Hyperparameters> {
    let ahead = input.fork();
    let (span, fields) = parse_fields(&ahead).ok().filter(|(_, fields)| !fields.is_empty())?;
    input.advance_to(&ahead);
    let values: Vec<Expr> = fields.into_iter().map(|field| field.expr).collect();
    let texts: Vec<String> = values.iter().map(text).collect();
    let message = format!("write hyperparameters in parentheses: `{}({})`", text(path), texts.join(", "));
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
        let message = "expected `,` or `>` after a size: write an expression in braces, as in `{28 * 28}`";
        Error::new(error.span(), message)
    })
}

/// Parses the optional `name:`.
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
        mistakes.add(&word, format!("`{word}` is reserved in Rust: rename this layer"));
        None
    };
    input.parse::<Token![:]>()?;
    Ok(name)
}

/// Corrects a function in place of a layer's type, and reports it: `Type::new`, or the function of an activation.
///
/// A path that begins with `self`, `super` or `crate`, such as `self::swish`, is always a type of the user's.
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
        let message =
            format!("write the type and its hyperparameters, as in `{}(0.5)`, instead of `{written}`", text(&path));
        mistakes.add(last, message);
        return path;
    }
    path.segments.push(Ident::new(&known::pascal_case(&name), last.span()).into());
    let message = format!(
        "a layer must be a type, not a function: write `{}` for the `#[activation]` function `{name}`, or `self::{written}` for your own type",
        text(&path)
    );
    mistakes.add(last, message);
    path
}
