//! Sizes, which are numbers of features in a declaration.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, GenericArgument, Lit, LitInt, Result, Stmt, Type};

use crate::parse::{Declaration, text};

/// A size in a declaration.
#[derive(Clone, Debug)]
pub struct Size {
    pub tokens: TokenStream,
    pub literal: Option<usize>,
    /// True for a constant of the expansion, which messages and documentation do not show.
    pub hidden: bool,
}

impl Size {
    /// Parses a generic argument as a size.
    pub fn new(argument: &GenericArgument) -> Result<Self> {
        let tokens = match argument {
            // An invisible group, from an argument of the user's `macro_rules!` macro.
            GenericArgument::Type(Type::Group(group)) => {
                return Self::new(&GenericArgument::Type((*group.elem).clone()));
            }
            GenericArgument::Const(Expr::Group(group)) => match &*group.expr {
                inner @ (Expr::Lit(_) | Expr::Block(_) | Expr::Group(_)) => {
                    return Self::new(&GenericArgument::Const(inner.clone()));
                }
                expression => expression.to_token_stream(),
            },
            GenericArgument::Type(Type::Path(path)) => path.to_token_stream(),
            GenericArgument::Const(Expr::Lit(ExprLit { lit: Lit::Int(literal), .. })) => {
                return Self::literal(literal);
            }
            GenericArgument::Const(Expr::Block(block)) => match &*block.block.stmts {
                // The braces are only needed in `<...>`.
                [Stmt::Expr(expression, None)] => expression.to_token_stream(),
                _ => block.to_token_stream(),
            },
            other => {
                let message = "is not a size: write a positive integer, a const, or an expression in `{...}`";
                return Err(Error::new_spanned(other, format!("`{}` {message}", text(other))));
            }
        };
        Ok(Self::of(tokens))
    }

    /// The size of an expression.
    pub const fn of(tokens: TokenStream) -> Self {
        Self { tokens, literal: None, hidden: false }
    }

    /// The size of a number.
    pub fn number(value: usize, span: Span) -> Self {
        let mut literal = Literal::usize_unsuffixed(value);
        literal.set_span(span);
        Self { literal: Some(value), ..Self::of(literal.into_token_stream()) }
    }

    /// The sum of sizes.
    pub fn sum(sizes: &[&Self], span: Span) -> Self {
        if let Some(sum) = sizes.iter().try_fold(0_usize, |sum, size| sum.checked_add(size.literal?)) {
            return Self::number(sum, span);
        }
        let terms = sizes.iter().map(|size| &size.tokens);
        Self { hidden: sizes.iter().any(|size| size.hidden), ..Self::of(quote_spanned!(span=> #(#terms)+*)) }
    }

    /// The product of sizes.
    pub fn product(sizes: &[&Self], span: Span) -> Self {
        if let Some(product) = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(size.literal?)) {
            return Self::number(product, span);
        }
        let product = sizes.iter().map(|size| size.tokens.clone()).reduce(|product, size| {
            quote_spanned!(span=> #product * (#size)) // each size is one expression
        });
        Self { hidden: true, ..Self::of(product.unwrap_or_default()) }
    }

    fn literal(literal: &LitInt) -> Result<Self> {
        let message = match (literal.base10_parse::<usize>(), literal.suffix()) {
            _ if literal.base10_digits().starts_with('-') => {
                format!("a size must be at least 1, not `{literal}`")
            }
            (Ok(_), suffix) if !matches!(suffix, "" | "usize") => {
                format!("a size must be a `usize`, not a `{suffix}`: write `{}`", literal.base10_digits())
            }
            (Ok(0), _) => "a size must be at least 1, not `0`".to_owned(),
            (Ok(value), _) => return Ok(Self { literal: Some(value), ..Self::of(literal.to_token_stream()) }),
            (Err(_), _) => format!("the size `{literal}` does not fit in a `usize`"),
        };
        Err(Error::new_spanned(literal, message))
    }

    /// Returns true if both are the same literal or the same text.
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self.literal, other.literal) {
            (Some(one), Some(other)) => one == other,
            _ => text(&self.tokens) == text(&other.tokens),
        }
    }

    /// Returns true if the macro can compare this size: a literal, or a const parameter of the network, which equals only
    /// itself.
    pub fn is_known(&self, declaration: &Declaration) -> bool {
        self.literal.is_some() || declaration.sizes.iter().any(|own| text(&own.ident) == text(&self.tokens))
    }

    /// The size as a const argument.
    ///
    /// Everything but a literal is put in braces. For a name that is not a const, the compiler then gives the same error at
    /// each use and shows it once.
    pub fn argument(&self) -> TokenStream {
        let tokens = &self.tokens;
        if self.literal.is_some() { tokens.clone() } else { quote_spanned!(tokens.span()=> { #tokens }) }
    }
}

/// Returns true if the tokens contain a const parameter of the network.
pub fn depends_on_own(declaration: &Declaration, tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => declaration.sizes.iter().any(|own| own.ident == name),
        TokenTree::Group(group) => depends_on_own(declaration, &group.stream()),
        _ => false,
    })
}
