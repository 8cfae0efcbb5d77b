//! What a function takes and gives: numbers of one type.

mod generics;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, ItemFn, Pat, PatIdent, PatType, Path, ReturnType, Safety, Type, WherePredicate, parse_quote,
};

use super::names;
use crate::known::pascal_case;
use crate::mistakes::Mistakes;
use crate::parse::{text, type_text};
pub use generics::with_library;
use generics::{Generics, generic};

/// A function whose parameters and result are numbers of one type.
#[derive(Clone)]
pub struct Signature<'a> {
    pub function: &'a ItemFn,
    /// Where the library is.
    pub library: Path,
    pub scalar: Scalar,
    pub parameters: Vec<Ident>,
}

/// The type of all numbers of a function.
#[derive(Clone)]
pub enum Scalar {
    /// Its type parameter.
    Generic(Ident),
    /// `f32` or `f64`, as it was written.
    Primitive(Box<Type>),
}

impl Scalar {
    /// The name of a type parameter for it.
    pub fn parameter(&self) -> Ident {
        match self {
            Self::Generic(name) => name.clone(),
            Self::Primitive(_) => format_ident!("T"),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Generic(name) => name.to_string(),
            Self::Primitive(kind) => text(&**kind),
        }
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

    /// The attributes that hold for all that stands beside the function: under which conditions it is there, and what
    /// is allowed in it. What is expected of the function may be missing there.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute> + Clone {
        self.function.attrs.iter().filter_map(|attribute| match attribute.path().get_ident()?.to_string().as_str() {
            "cfg" | "allow" => Some(attribute.clone()),
            "expect" => {
                let lints = &attribute.meta.require_list().ok()?.tokens;
                Some(parse_quote!(#[allow(#lints)]))
            }
            _ => None,
        })
    }

    /// `#[doc(hidden)]`, if the function has it.
    pub fn hidden(&self) -> Option<&Attribute> {
        self.function.attrs.iter().find(|attribute| text(&attribute.meta).replace(' ', "") == "doc(hidden)")
    }

    /// The function's name as a type's, with something after it.
    pub fn type_name(&self, ending: &str) -> Ident {
        format_ident!("{}{ending}", pascal_case(&names::text(self.name())), span = self.name().span())
    }
}

/// Checks all that stands before the body. `None` if nothing can be built from it.
pub fn check<'a>(function: &'a ItemFn, library: Path, mistakes: &mut Mistakes) -> Option<Signature<'a>> {
    check_qualifiers(function, mistakes);
    let sig = &function.sig;
    let is_named = check_function_name(sig, mistakes);
    let generic = generic(function, mistakes);
    let parameters: Vec<_> = sig.inputs.iter().map(|argument| parameter(argument, mistakes)).collect();
    if parameters.is_empty() {
        mistakes.add(&sig.ident, format!("`{}` takes no number: there is nothing to differentiate by", sig.ident));
    }
    let mut types: Vec<&Type> = parameters.iter().flatten().map(|(_, kind)| *kind).collect();
    match &sig.output {
        ReturnType::Type(_, kind) => types.push(kind),
        ReturnType::Default => {
            mistakes.add(&sig.ident, format!("`{}` gives no number: its type stands after `->`", sig.ident));
        }
    }
    let scalar = scalar(generic, &types)?;
    let good = check_types(&types, &scalar, mistakes) && types.len() == parameters.len() + 1 && !parameters.is_empty();
    let parameters: Vec<Ident> = parameters.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    (good && is_named).then_some(Signature { function, library, scalar, parameters })
}

/// The type parameter, or the first type that is a number's.
fn scalar(generic: Generics, types: &[&Type]) -> Option<Scalar> {
    match generic {
        Generics::Wrong => None,
        Generics::Scalar(name) => Some(Scalar::Generic(name)),
        Generics::None => {
            let kind = types.iter().find(|kind| is_primitive(kind)).or(types.first())?;
            Some(Scalar::Primitive(Box::new(bare(kind).clone())))
        }
    }
}

fn check_qualifiers(function: &ItemFn, mistakes: &mut Mistakes) {
    let sig = &function.sig;
    let unsafety = match &sig.safety {
        Safety::Unsafe(token) => Some(token),
        _ => None,
    };
    let found = [
        sig.asyncness.as_ref().map(|token| (token.to_token_stream(), "async")),
        unsafety.map(|token| (token.to_token_stream(), "unsafe")),
        sig.abi.as_ref().map(|abi| (abi.extern_token.to_token_stream(), "extern")),
        sig.variadic.as_ref().map(|token| (token.to_token_stream(), "...")),
    ];
    for (token, word) in found.into_iter().flatten() {
        mistakes.add(token, format!("a differentiable function is an ordinary one, without `{word}`"));
    }
}

/// Whether types can be called after the function.
fn check_function_name(sig: &syn::Signature, mistakes: &mut Mistakes) -> bool {
    let name = &sig.ident;
    let types = [names::text(name), pascal_case(&names::text(name)) + "Gradient"];
    if let Some(parameter) = sig.generics.type_params().find(|one| types.contains(&names::text(&one.ident))) {
        let message = format!(
            "a type that stands beside this function is called `{}`: give the parameter another name",
            parameter.ident
        );
        mistakes.add(&parameter.ident, message);
        return false;
    }
    let is_a_name = syn::parse_str::<Ident>(&pascal_case(&names::text(name))).is_ok();
    if !is_a_name {
        mistakes
            .add(name, format!("no type can be called after `{name}`, as those beside it are; give it another name"));
    }
    is_a_name
}

/// What says whether a parameter is there.
fn condition(argument: &PatType) -> Option<&Attribute> {
    argument.attrs.iter().find(|one| one.path().is_ident("cfg") || one.path().is_ident("cfg_attr"))
}

/// A parameter's name and type.
fn parameter<'a>(argument: &'a FnArg, mistakes: &mut Mistakes) -> Option<(&'a Ident, &'a Type)> {
    let argument = match argument {
        FnArg::Receiver(receiver) => {
            mistakes
                .add(receiver.self_token, "a differentiable function stands on its own and takes numbers, no `self`");
            return None;
        }
        FnArg::Typed(argument) => argument,
    };
    if let Some(attribute) = condition(argument) {
        mistakes.add(attribute, "a parameter of a differentiable function has no condition: the derivative would not know whether it is there");
        return None;
    }
    match &*argument.pat {
        Pat::Ident(name) => check_name(name, mistakes).then_some((&name.ident, &*argument.ty)),
        other => {
            mistakes.add(other, "a parameter of a differentiable function is a name, as in `x: T`, not a pattern");
            None
        }
    }
}

/// Whether it is a name and nothing else, as a parameter and a `let` have to have.
fn check_name(name: &PatIdent, mistakes: &mut Mistakes) -> bool {
    let more = [
        name.by_ref.as_ref().map(|token| (token.span(), "ref")),
        name.mutability.as_ref().map(|token| (token.span(), "mut")),
        name.subpat.as_ref().map(|(token, _)| (token.span(), "@")),
    ];
    for (place, word) in more.iter().flatten() {
        mistakes.add_at(
            *place,
            format!("`{word}` has no use in a differentiable function: a value keeps its value; a new one is a `let`"),
        );
    }
    more.iter().all(Option::is_none)
}

/// A type without what macros put around it.
fn bare(kind: &Type) -> &Type {
    match kind {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// Whether it is `f32` or `f64`.
fn is_primitive(kind: &Type) -> bool {
    match bare(kind) {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "f32" || last.ident == "f64"),
        _ => false,
    }
}

/// Whether that is the type of the function's numbers.
fn is_of(kind: &Type, scalar: &Scalar) -> bool {
    text(bare(kind)) == scalar.name()
}

fn check_types(types: &[&Type], scalar: &Scalar, mistakes: &mut Mistakes) -> bool {
    if let Scalar::Primitive(first) = scalar
        && !is_primitive(first)
    {
        mistakes.add(
            first,
            format!(
                "a differentiable function takes and gives numbers, `f32`, `f64` or a `T: Scalar`, not `{}`",
                type_text(first)
            ),
        );
        return false;
    }
    if let Scalar::Generic(name) = scalar
        && types.iter().all(|kind| is_primitive(kind) && text(*kind) == text(types[0]))
    {
        mistakes.add(
            name,
            format!("no number is a `{name}`: write `{name}` in place of `{}`, or leave it out", text(types[0])),
        );
        return false;
    }
    let wrong: Vec<&&Type> = types.iter().filter(|kind| !is_of(kind, scalar)).collect();
    for kind in &wrong {
        let (found, name) = (type_text(*kind), scalar.name());
        mistakes
            .add(kind, format!("all numbers of a differentiable function are of one type: `{name}`, not `{found}`"));
    }
    wrong.is_empty()
}

/// An activation is a layer for networks of any scalar.
pub fn check_activation(signature: &Signature, mistakes: &mut Mistakes) {
    if let Scalar::Primitive(kind) = &signature.scalar {
        let message = format!(
            "a network is generic over its scalar, so an activation takes a `T: Scalar`, not `{}`",
            text(&**kind)
        );
        mistakes.add(kind, message);
    }
    let generics = &signature.function.sig.generics;
    let inline: usize = generics.type_params().map(|kind| kind.bounds.len()).sum();
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let others = clause.map(|predicate| match predicate {
        WherePredicate::Type(one) => one.bounds.len(),
        _ => 1,
    });
    if inline + others.sum::<usize>() > 1 {
        mistakes.add(&generics.params, "an activation works for every `T: Scalar`, with no other bound");
    }
}
