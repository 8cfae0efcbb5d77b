//! From tokens to plain data. Nothing is decided here but what the grammar decides.
//!
//! ```text
//! networks    = { network ";" }
//! network     = { attribute } [ visibility ] "struct" name [ "<" const parameters ">" ] "=" chain
//! chain       = element { "->" element }
//! element     = [ name ":" ] path [ "<" arguments ">" ] [ "(" hyperparameters ")" ]
//! ```

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Attribute, ConstParam, Error, Expr, GenericArgument, GenericParam, Generics, Ident,
    Path, Result, Token, Visibility, parenthesized,
};

use crate::mistakes::Mistakes;

/// A network as it was written.
pub struct Declaration {
    /// What goes to the struct: doc comments, derives.
    pub attributes: Vec<Attribute>,
    /// Where the library is: `::typenet`, or what `#[typenet(crate = path)]` says.
    pub library: Path,
    pub visibility: Visibility,
    pub name: Ident,
    pub sizes: Vec<ConstParam>,
    pub chain: Vec<Element>,
    /// The tokens of the chain could not all be understood; the error is reported already.
    pub broken: bool,
    /// The end of the declaration, where something is missing.
    pub end: Span,
}

/// A layer or the loss as it was written.
pub struct Element {
    pub name: Option<Ident>,
    /// Without its arguments.
    pub path: Path,
    /// What stands in `<...>`, with the brackets.
    pub arguments: Option<AngleBracketedGenericArguments>,
    /// What stands in `(...)`.
    pub hyperparameters: Option<Vec<Expr>>,
}

impl Element {
    /// The type's own name, without the modules it is in.
    pub fn type_name(&self) -> &Ident {
        &self.path.segments.last().expect("a path has at least one segment").ident
    }

    /// Whether this is the library's type of that name: it stands alone, or is found in `typenet`.
    pub fn is_ours(&self, name: &str) -> bool {
        self.type_name() == name && (self.path.segments.len() == 1 || self.path.segments[0].ident == "typenet")
    }

    /// What stands in `<...>`.
    pub fn arguments(&self) -> Vec<&GenericArgument> {
        self.arguments.iter().flat_map(|arguments| &arguments.args).collect()
    }

    /// As it was written, in the usual spacing.
    pub fn text(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        let arguments = self.arguments().into_iter().map(text).collect();
        let arguments = self.arguments.as_ref().map(|_| format!("<{}>", list(arguments)));
        let values = self.hyperparameters.as_ref();
        let values = values.map(|values| format!("({})", list(values.iter().map(text).collect())));
        format!("{}{}{}", text(&self.path), arguments.unwrap_or_default(), values.unwrap_or_default())
    }
}

/// The type with its arguments.
impl ToTokens for Element {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
        self.arguments.to_tokens(tokens);
    }
}

/// Tokens as text, in the usual spacing.
pub fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.replace(" :: ", "::").replace(":: ", "::")
}

/// Every declaration that can be understood. After a mistake the next one is looked for.
pub fn declarations(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Declaration> {
    let mut found = Vec::new();
    let all = |input: ParseStream| {
        while !input.is_empty() {
            match head(input) {
                Ok(head) => found.push(declaration(head, input, mistakes)),
                Err(error) => {
                    mistakes.add_error(error);
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

/// All that stands before the `=`.
struct Head {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    generics: Generics,
}

fn head(input: ParseStream) -> Result<Head> {
    let attributes = Attribute::parse_outer(input)?;
    let visibility = input.parse()?;
    input.parse::<Token![struct]>()?;
    Ok(Head { attributes, visibility, name: input.parse()?, generics: input.parse()? })
}

fn declaration(head: Head, input: ParseStream, mistakes: &mut Mistakes) -> Declaration {
    let (attributes, library) = split_attributes(head.attributes, mistakes);
    let mut declaration = Declaration {
        attributes,
        library,
        visibility: head.visibility,
        sizes: sizes(head.generics, mistakes),
        end: head.name.span(),
        name: head.name,
        chain: Vec::new(),
        broken: false,
    };
    if let Err(error) = chain(input, &mut declaration) {
        mistakes.add_error(error);
        declaration.broken = true;
        skip_to_semicolon(input);
    }
    declaration
}

fn chain(input: ParseStream, declaration: &mut Declaration) -> Result<()> {
    input.parse::<Token![=]>()?;
    declaration.end = input.span();
    if !input.peek(Token![;]) && !input.is_empty() {
        loop {
            declaration.chain.push(input.parse()?);
            if !input.peek(Token![->]) {
                break;
            }
            input.parse::<Token![->]>()?;
        }
        declaration.end = input.span();
    }
    if input.is_empty() {
        return Ok(()); // the last semicolon may be left out
    }
    if !input.peek(Token![;]) {
        return Err(input.error("expected `->` and another layer, or `;` at the end of the network"));
    }
    input.parse::<Token![;]>().map(|_| ())
}

impl Parse for Element {
    fn parse(input: ParseStream) -> Result<Self> {
        let named = input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]);
        let name = if named { Some(input.parse()?) } else { None };
        if named {
            input.parse::<Token![:]>()?;
        }
        if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
            return Err(input.error("expected a layer, such as `Affine<784, 50>` or `Relu`"));
        }
        let path = Path::parse_mod_style(input)?;
        let arguments = if input.peek(Token![<]) { Some(input.parse()?) } else { None };
        let hyperparameters = if input.peek(syn::token::Paren) {
            let inside;
            parenthesized!(inside in input);
            Some(Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?.into_iter().collect())
        } else {
            None
        };
        Ok(Self { name, path, arguments, hyperparameters })
    }
}

/// Takes `#[typenet(crate = path)]` out of the attributes.
fn split_attributes(attributes: Vec<Attribute>, mistakes: &mut Mistakes) -> (Vec<Attribute>, Path) {
    let mut library: Path = syn::parse_quote!(::typenet);
    let (ours, others): (Vec<_>, Vec<_>) = attributes.into_iter().partition(|one| one.path().is_ident("typenet"));
    for attribute in ours {
        let parsed = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("`#[typenet(crate = path)]` is the only attribute of this name"));
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
    if let Some(clause) = &generics.where_clause {
        mistakes.add(clause, "a network takes no `where` clause");
    }
    generics
        .params
        .into_iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Const(size) => Some(size),
            other => {
                mistakes.add(other, "a network is generic over sizes only, such as `const HIDDEN: usize`; it is generic over its scalar `T` by itself");
                None
            }
        })
        .collect()
}

fn skip_to_semicolon(input: ParseStream) {
    while let Ok(token) = input.parse::<TokenTree>() {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            return;
        }
    }
}

/// An error where nothing more specific can be pointed at.
pub fn error_at(span: Span, message: &str) -> Error {
    Error::new(span, message)
}
