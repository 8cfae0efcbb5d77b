//! Finds every layer's widths and name, and every mistake.

mod attributes;
mod chain;
mod ends;
mod names;
mod size;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, Ident};

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, text};
pub use size::{Size, depends_on_own};

/// A network of which everything is known that the macro can know.
pub struct Network<'a> {
    pub declaration: &'a Declaration,
    /// The user's attributes that go to the struct.
    pub attributes: Vec<Attribute>,
    pub layers: Vec<Layer<'a>>,
    pub loss: Loss,
    pub input: Width,
    pub output: Width,
    /// Sizes that only the compiler can compare.
    pub agreements: Vec<Agreement>,
    /// Sizes whose value only the compiler knows, with the layer that they are in.
    pub unseen: Vec<Unseen>,
}

/// A layer with its widths.
pub struct Layer<'a> {
    pub element: &'a Element,
    pub field: Ident,
    /// The field's type, in terms of the scalar `T`.
    pub kind: TokenStream,
    pub input: Width,
    pub output: Width,
    pub origin: Origin,
    /// The layer that says the width it gets, for messages.
    pub giver: String,
}

/// Whose a layer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The library's `Affine`, of which the parameters can be counted.
    Affine,
    /// One of the library's layers without parameters.
    Elementwise,
    /// The user's.
    User,
}

/// The end of the chain.
pub struct Loss {
    pub kind: TokenStream,
    pub text: String,
    /// Whether it is one of the library's.
    pub ours: bool,
    /// Whether it stands in the declaration.
    pub written: bool,
}

/// A number of features.
#[derive(Clone)]
pub enum Width {
    /// Written down: a literal, a const or an expression.
    Size(Size),
    /// What the type of the user's layer with that place in the chain says.
    Of(usize),
}

/// Two sizes that have to be equal.
pub struct Agreement {
    /// The size that a layer says it takes.
    pub taken: Size,
    pub taker: String,
    /// The width that it gets.
    pub given: Width,
    pub giver: String,
}

/// An `Affine` with sizes that the macro cannot see.
pub struct Unseen {
    pub input: Size,
    pub output: Size,
    pub layer: String,
}

/// Finds out what can be found out; `None` if nothing can be built from the declaration.
pub fn check<'a>(declaration: &'a Declaration, mistakes: &mut Mistakes) -> Option<Network<'a>> {
    let attributes = attributes::check(declaration, mistakes);
    names::check_sizes(declaration, mistakes);
    let clash = declaration.sizes.iter().any(|size| size.ident == "T")
        || names::hides_scalar(declaration, mistakes)
        || names::contains_itself(declaration, mistakes);
    let ends = ends::split(declaration, mistakes);
    for element in &ends.layers {
        if element.is_ours("Input") {
            mistakes.add(element, "`Input` says the width of the network's input, so it stands only at the beginning");
        } else if element.is_elementwise() {
            check_no_sizes(element, mistakes);
        }
    }
    let names = names::layer_names(&ends.layers, mistakes);
    let walk = chain::walk(declaration, ends.input.clone(), &ends.layers, names, mistakes);
    let loss = ends.loss.map_or_else(|| usual_loss(declaration), loss_of);
    let input = ends.input.or_else(|| walk.layers.first().map(|layer| layer.input.clone()))?;
    let output = walk.layers.last().filter(|_| !clash)?.output.clone();
    let (layers, agreements, unseen) = (walk.layers, walk.agreements, walk.unseen);
    Some(Network { declaration, attributes, layers, loss, input, output, agreements, unseen })
}

fn loss_of(element: &Element) -> Loss {
    let ours = element.is_a_loss();
    // What it may not have is a mistake already, and should not be another one.
    let kind = if ours { element.path.to_token_stream() } else { element.to_token_stream() };
    Loss { kind, text: element.text(), ours, written: true }
}

/// What stands in for a loss that is missing.
fn usual_loss(declaration: &Declaration) -> Loss {
    let library = &declaration.library;
    Loss {
        kind: quote!(#library::losses::SoftmaxWithLoss),
        text: "SoftmaxWithLoss".to_owned(),
        ours: true,
        written: false,
    }
}

/// Sizes of a layer or loss of ours that works on any number of features.
fn check_no_sizes(element: &Element, mistakes: &mut Mistakes) {
    if let Some(sizes) = &element.arguments {
        let (name, text) = (element.type_name(), element.text());
        let message =
            format!("`{name}` takes no sizes: it works on any number of features (one of your own: `self::{text}`)");
        mistakes.add(sizes, message);
    }
}

/// What a layer of ours is made with, if it is not made by `Default`.
pub fn hyperparameter<'a>(layer: &Layer<'a>) -> Option<&'a Expr> {
    layer.element.hyperparameters.as_ref().filter(|_| layer.origin == Origin::Elementwise)?.values.first()
}

impl Width {
    /// The number, if the macro knows it.
    pub fn literal(&self) -> Option<usize> {
        match self {
            Self::Size(size) => size.literal,
            Self::Of(_) => None,
        }
    }

    /// As it was written; `None` if it was not.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Size(size) => Some(text(&size.tokens)),
            Self::Of(_) => None,
        }
    }
}
