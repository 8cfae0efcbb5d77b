//! What is left of a signature with a mistake, so that what uses the function compiles, whatever was meant.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{FnArg, GenericParam, Pat, ReturnType, Signature, Type, parse_quote};

use super::signature::{self, is_primitive};
use crate::parse::text;

/// A signature without what is wrong in it.
pub struct Rest<'a> {
    sig: &'a Signature,
    /// The type of its numbers: a type parameter, or `f32` or `f64`.
    number: Type,
    pub parameters: Vec<Parameter>,
}

/// A parameter that has a name.
pub struct Parameter {
    pub name: Ident,
    pub takes: Takes,
}

/// What a parameter takes.
pub enum Takes {
    Number,
    /// A type that names a parameter of the function, as it is written.
    Generic(TokenStream),
    /// The type is wrong.
    Anything,
}

/// Types that everyone knows, of which a result may be made as well.
const KNOWN: [&str; 20] = [
    "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "bool",
    "char", "String", "Vec", "Option", "Result",
];

impl<'a> Rest<'a> {
    /// `None` if it takes `self`.
    pub fn of(sig: &'a Signature) -> Option<Self> {
        let arguments = sig.inputs.iter().map(|argument| match argument {
            FnArg::Typed(argument) => Some(argument),
            FnArg::Receiver(_) => None,
        });
        let arguments = arguments.collect::<Option<Vec<_>>>()?;
        let arguments = arguments.into_iter().filter(|one| signature::condition(one).is_none());
        let arguments: Vec<_> = arguments.map(|one| (&*one.pat, &*one.ty)).collect();
        let mut generic: Vec<&Type> =
            arguments.iter().map(|(_, kind)| *kind).filter(|kind| is_type_parameter(sig, kind)).collect();
        let is_scalar = |kind: &Type| {
            sig.generics.type_params().any(|one| one.ident == text(kind) && signature::is_scalar(sig, one))
        };
        generic.sort_by_key(|kind| !is_scalar(kind));
        let number = generic.first().map(|kind| (*kind).clone());
        let number = number.unwrap_or_else(|| primitive_in(sig));
        let parameters = arguments.into_iter().enumerate().map(|(place, (pattern, kind))| Parameter {
            name: match pattern {
                Pat::Ident(name) => name.ident.clone(),
                _ => unnamed(place),
            },
            takes: if text(kind) == text(&number) {
                Takes::Number
            } else if names_parameter(sig, kind) {
                Takes::Generic(kind.to_token_stream())
            } else {
                Takes::Anything
            },
        });
        let parameters = parameters.collect();
        Some(Self { sig, number, parameters })
    }

    /// `f32` or `f64`, if the numbers are of that type.
    pub fn primitive(&self) -> Option<Type> {
        (!is_type_parameter(self.sig, &self.number)).then(|| self.number.clone())
    }

    /// What each parameter takes, as a type.
    pub fn kinds(&self) -> Vec<TokenStream> {
        let kinds = self.parameters.iter().map(|Parameter { takes, .. }| match takes {
            Takes::Number => self.number.to_token_stream(),
            Takes::Generic(written) => written.clone(),
            Takes::Anything => anything(),
        });
        kinds.collect()
    }

    /// The result as it is declared, if that can be relied on.
    pub fn result(&self) -> TokenStream {
        let is_known = |name: &str| KNOWN.contains(&name) || parameters_of(self.sig).any(|one| one == name);
        match &self.sig.output {
            ReturnType::Type(_, kind)
                if !is_primitive(kind) && words(&kind.to_token_stream()).iter().all(|word| is_known(word)) =>
            {
                kind.to_token_stream()
            }
            _ => self.number.to_token_stream(),
        }
    }

    /// The parameters for types that are used, and those for consts, without their bounds.
    pub fn generics(&self) -> TokenStream {
        let (kinds, result) = (self.kinds(), self.result());
        let used = words(&quote!(#(#kinds)* #result));
        let parameters = self.sig.generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Lifetime(one) => Some(one.lifetime.to_token_stream()),
            GenericParam::Type(one) => used.contains(&one.ident.to_string()).then(|| one.ident.to_token_stream()),
            GenericParam::Const(one) => {
                let (name, kind) = (&one.ident, &one.ty);
                Some(quote!(const #name: #kind))
            }
        });
        quote!(<#(#parameters),*>)
    }
}

/// The name of a parameter that has none, or not one of its own.
pub fn unnamed(place: usize) -> Ident {
    format_ident!("parameter{place}")
}

/// The type of what may be anything.
pub fn anything() -> TokenStream {
    quote!(impl ::core::marker::Sized)
}

/// The function's own parameters for types and consts.
fn parameters_of(sig: &Signature) -> impl Iterator<Item = &Ident> {
    sig.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(one) => Some(&one.ident),
        GenericParam::Const(one) => Some(&one.ident),
        GenericParam::Lifetime(_) => None,
    })
}

fn is_type_parameter(sig: &Signature, kind: &Type) -> bool {
    sig.generics.type_params().any(|one| one.ident == text(kind))
}

fn names_parameter(sig: &Signature, kind: &Type) -> bool {
    words(&kind.to_token_stream()).iter().any(|word| parameters_of(sig).any(|one| one == word))
}

/// The first of `f32` and `f64` that is in a signature.
fn primitive_in(sig: &Signature) -> Type {
    let (output, inputs) = (&sig.output, &sig.inputs);
    let words = words(&quote!(#inputs #output));
    if words.iter().find(|word| ["f32", "f64"].contains(&word.as_str())).is_some_and(|word| word == "f32") {
        parse_quote!(f32)
    } else {
        parse_quote!(f64)
    }
}

/// The names in a type, and `&`, for which a result needs a lifetime.
fn words(tokens: &TokenStream) -> Vec<String> {
    let words = tokens.clone().into_iter().flat_map(|token| match token {
        TokenTree::Ident(name) => vec![name.to_string()],
        TokenTree::Group(group) => words(&group.stream()),
        TokenTree::Punct(one) if one.as_char() == '&' => vec!["&".to_owned()],
        _ => Vec::new(),
    });
    words.collect()
}
