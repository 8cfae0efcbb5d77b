//! Checks a function's signature: its parameters and its result are scalars of one type.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, FnArg, GenericParam, Generics, ItemFn, Pat, Path, ReturnType, Type, TypeParamBound, parse_quote};

use super::names;
use crate::known::pascal_case;
use crate::mistakes::Mistakes;
use crate::parse::{text, type_text};

/// A checked signature.
#[derive(Clone)]
pub struct Signature<'a> {
    pub function: &'a ItemFn,
    /// The path of the library.
    pub library: Path,
    pub scalar: Scalar,
    pub parameters: Vec<Ident>,
}

/// The scalar type of a function.
#[derive(Clone)]
pub enum Scalar {
    /// The function's type parameter.
    Generic(Ident),
    /// `f32` or `f64`, with the path that the user wrote.
    Primitive(Box<Type>),
}

impl Scalar {
    /// The name of the type parameter on generated types.
    pub fn parameter(&self) -> Ident {
        match self {
            Self::Generic(name) => name.clone(),
            Self::Primitive(_) => format_ident!("T"),
        }
    }

    pub fn name(&self) -> String {
        text(self)
    }
}

impl ToTokens for Scalar {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Generic(name) => name.to_tokens(tokens),
            Self::Primitive(kind) => kind.to_tokens(tokens),
        }
    }
}

impl Signature<'_> {
    pub fn name(&self) -> &Ident {
        &self.function.sig.ident
    }

    /// The function's generics, with the full path of the library's trait `Scalar`.
    pub fn generics(&self) -> Generics {
        let (mut generics, library) = (self.function.sig.generics.clone(), &self.library);
        for bound in generics.type_params_mut().flat_map(|parameter| &mut parameter.bounds) {
            if let TypeParamBound::Trait(bound) = bound
                && bound.path.segments.last().is_some_and(|last| last.ident == "Scalar")
            {
                bound.path = parse_quote!(#library::Scalar);
            }
        }
        generics
    }

    /// Adds the function's `cfg` and `allow` attributes to each generated item.
    pub fn guarded(&self, items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
        let attributes = self.function.attrs.iter();
        let attributes = attributes.filter(|one| one.path().is_ident("cfg") || one.path().is_ident("allow"));
        let attributes = quote!(#(#attributes)*);
        items.into_iter().map(|item| quote!(#attributes #item)).collect()
    }

    /// The function's `#[doc(hidden)]`, if any.
    pub fn hidden(&self) -> Option<&Attribute> {
        self.function.attrs.iter().find(|attribute| text(&attribute.meta).replace(' ', "") == "doc(hidden)")
    }

    /// The function's name in the style of types, with a suffix.
    pub fn type_name(&self, suffix: &str) -> Ident {
        format_ident!("{}{suffix}", pascal_case(&names::text(self.name())), span = self.name().span())
    }
}

/// Checks the signature. Returns `None` if nothing can be generated from it.
pub fn check<'a>(function: &'a ItemFn, library: Path, mistakes: &mut Mistakes) -> Option<Signature<'a>> {
    let sig = &function.sig;
    let name = &sig.ident;
    let generic = generic(sig, mistakes);
    let parameters: Vec<_> = sig.inputs.iter().map(|argument| parameter(argument, mistakes)).collect();
    if parameters.is_empty() {
        mistakes.add(name, format!("`{name}` has no parameters: a differentiable function needs at least one"));
    }
    let mut types: Vec<&Type> = parameters.iter().flatten().map(|(_, kind)| *kind).collect();
    match &sig.output {
        ReturnType::Type(_, kind) => types.push(kind),
        ReturnType::Default => {
            mistakes.add(name, format!("`{name}` returns nothing: write the type of its result after `->`"));
        }
    }
    let scalar = generic?.map_or_else(|| Scalar::Primitive(Box::new(primitive(&types))), Scalar::Generic);
    let is_complete = !parameters.is_empty() && types.len() == parameters.len() + 1;
    let good = check_types(&types, &scalar, mistakes) && is_complete;
    let parameters = parameters.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    good.then_some(Signature { function, library, scalar, parameters })
}

/// The optional type parameter; `None` after a mistake.
#[allow(clippy::option_option)] // a function without type parameters is valid
fn generic(sig: &syn::Signature, mistakes: &mut Mistakes) -> Option<Option<Ident>> {
    let (generics, clause) = (&sig.generics, &sig.generics.where_clause);
    let is_scalar = quote!(#generics #clause).to_string().contains("Scalar");
    let mut parameters = generics.params.iter();
    let (wrong, message) = match (parameters.next(), parameters.next()) {
        (None, _) => return Some(None),
        (Some(GenericParam::Type(kind)), None) if is_scalar => return Some(Some(kind.ident.clone())),
        (Some(first @ GenericParam::Type(kind)), None) => {
            (first, format!("`{0}` must be a scalar: write `{0}: Scalar`", kind.ident))
        }
        (Some(GenericParam::Type(_)), Some(wrong)) | (Some(wrong), _) => {
            let message =
                "a differentiable function can be generic only over its scalar, as in `fn f<T: Scalar>(x: T) -> T`";
            (wrong, message.to_owned())
        }
    };
    mistakes.add(wrong, message);
    None
}

/// Returns a parameter's name and type.
fn parameter<'a>(argument: &'a FnArg, mistakes: &mut Mistakes) -> Option<(&'a Ident, &'a Type)> {
    match argument {
        FnArg::Receiver(receiver) => {
            mistakes.add(receiver.self_token, "a differentiable function cannot be a method: remove `self`");
            None
        }
        // If `cfg` removed the parameter, the function and its derivatives would differ in their parameters.
        FnArg::Typed(argument) if argument.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) => {
            mistakes.add(&argument.attrs[0], "a parameter of a differentiable function cannot have `#[cfg]`");
            None
        }
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(name) => Some((&name.ident, &*argument.ty)),
            other => {
                mistakes
                    .add(other, "a parameter of a differentiable function must be a name, as in `x: T`, not a pattern");
                None
            }
        },
    }
}

/// Removes parentheses and invisible groups around a type.
fn bare(kind: &Type) -> &Type {
    match kind {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// The first type that is `f32` or `f64`; by default `f64`.
fn primitive(types: &[&Type]) -> Type {
    let mut types = types.iter().map(|kind| bare(kind));
    let found = types.find(|kind| match kind {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "f32" || last.ident == "f64"),
        _ => false,
    });
    found.cloned().unwrap_or_else(|| parse_quote!(f64))
}

fn check_types(types: &[&Type], scalar: &Scalar, mistakes: &mut Mistakes) -> bool {
    let wrong: Vec<&&Type> = types.iter().filter(|kind| text(bare(kind)) != scalar.name()).collect();
    for kind in &wrong {
        let message = format!(
            "expected `{}`, found `{}`: the parameters and the result of a differentiable function have one type, `f32`, `f64` or a `T: Scalar`",
            scalar.name(),
            type_text(*kind)
        );
        mistakes.add(kind, message);
    }
    wrong.is_empty()
}

/// Reports an activation that is not generic over its scalar, as layers must be. Returns true for a fallback.
pub fn check_activation(signature: &Signature, mistakes: &mut Mistakes) -> bool {
    check_generic(signature, "an activation", "fn f<T: Scalar>(x: T) -> T", mistakes);
    true
}

/// Reports a loss that is not generic over its scalar, or has no target. Returns true if it has one.
pub fn check_loss(signature: &Signature, mistakes: &mut Mistakes) -> bool {
    let usage = "fn f<T: Scalar>(y: T, t: T) -> T";
    check_generic(signature, "a loss", usage, mistakes);
    let has_target = signature.parameters.len() > 1;
    if !has_target {
        mistakes.add(signature.name(), format!("a loss takes an output and its target, as in `{usage}`"));
    }
    has_target
}

fn check_generic(signature: &Signature, noun: &str, usage: &str, mistakes: &mut Mistakes) {
    if let Scalar::Primitive(kind) = &signature.scalar {
        let found = text(kind);
        let message = format!("{noun} cannot use `{found}`: make it generic over its scalar, as in `{usage}`");
        mistakes.add(kind, message);
    }
}
