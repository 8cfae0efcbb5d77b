//! Determines the widths and names of the layers, and reports mistakes.

mod arguments;
mod attributes;
mod blocks;
mod brackets;
mod budget;
mod chain;
mod ends;
mod images;
mod losses;
mod names;
mod placeholders;
mod size;
mod window;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Expr, Ident, Path};

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, Kind, text};
pub use blocks::Blocks;
pub use budget::{Budget, Cost};
pub use images::Image;
pub use size::{Size, depends_on_own};
pub use window::counts as image_counts;

/// A checked network or block, or a chain in brackets, which becomes a block.
pub struct Network<'a> {
    pub declaration: &'a Declaration,
    /// The name of the struct.
    pub name: Ident,
    /// The user's attributes for the struct.
    pub attributes: Vec<Attribute>,
    /// The limits of the costs.
    pub budgets: Vec<Budget>,
    pub layers: Vec<Layer<'a>>,
    /// The loss; `None` for a block.
    pub loss: Option<Loss<'a>>,
    pub input: Width,
    pub output: Width,
    /// Pairs of sizes that only the compiler can compare.
    pub agreements: Vec<Agreement>,
    /// `Affine` and `Embedding` layers whose sizes only the compiler can evaluate.
    pub unevaluated: Vec<Unevaluated>,
    /// Conditions that only the compiler can evaluate, with the place and the text of the mistake.
    pub conditions: Vec<(TokenStream, Span, String)>,
    /// The layers whose output width is a constant that the compiler evaluates, by index.
    pub widths: Vec<usize>,
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
    pub initial: Initial<'a>,
    /// The element that specified the input width, for error messages.
    pub source: Option<Source>,
    /// The chains in brackets.
    pub inside: Vec<Network<'a>>,
    /// Pairs of widths at the ends of these chains that only the compiler can compare.
    pub agreements: Vec<Agreement>,
}

/// The layer or size that determines a width, for error messages.
#[derive(Clone)]
pub struct Source {
    /// Such as "`Affine<2, 4>`".
    pub subject: String,
    /// Such as "`Affine<2, 4>` before it outputs".
    pub clause: String,
}

/// The origin of a layer: the library or the user.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The library's `Affine` or `AffineWithoutBias`, whose parameters the macro can count.
    Affine,
    /// The library's `Embedding`, the first layer of a network.
    Embedding,
    /// One of the library's layers with parameters for each feature.
    PerFeature,
    /// One of the library's layers without parameters.
    Elementwise,
    /// One of the library's layers over images.
    Image,
    /// One of the library's layers with chains in brackets, or a placeholder after a mistake.
    Brackets,
    /// A layer of the user's.
    User,
}

/// The way to create a layer.
pub enum Initial<'a> {
    /// By `Default`.
    Default,
    /// By its function `new`.
    New(&'a [Expr]),
    /// By `Default`, followed by builder methods with one argument.
    Methods(Vec<(&'a Ident, &'a Expr)>),
    /// In no way, after a mistake.
    Unknown,
}

/// The loss at the end of the chain.
pub struct Loss<'a> {
    pub kind: TokenStream,
    /// The type as declared, which the initial value is made of.
    pub declared_kind: TokenStream,
    pub initial: Initial<'a>,
    pub text: String,
    /// True for the library's losses.
    pub ours: bool,
    /// False if the loss is missing and this one is the fallback.
    pub declared: bool,
}

/// The shape of an input or output.
#[derive(Clone)]
pub enum Width {
    /// The class numbers that an `Embedding` takes: one of that many classes.
    Classes(Size),
    /// A literal, a const or an expression in the declaration.
    Size(Size),
    /// An image.
    Image(Image),
    /// The output width of the user's layer at that index.
    OutputOf(usize),
    /// The output of a layer outside of the brackets, as a type that depends on the network's const parameters.
    Type(TokenStream),
}

/// Two sizes that must be equal.
pub struct Agreement {
    /// The size at which a difference is reported.
    pub declared: Size,
    /// The size that it is compared with.
    pub actual: Width,
    /// The words of the message before, between and after the sizes.
    pub words: [String; 3],
}

/// An `Affine` or `Embedding` with sizes that the macro cannot evaluate.
pub struct Unevaluated {
    pub input: Size,
    pub output: Size,
    pub layer: String,
    /// The largest input size, and the message for a larger one.
    pub most: Option<(usize, String)>,
}

/// Checks a declaration. Returns `None` if not even a fallback network can be built from it.
pub fn check<'a>(declaration: &'a Declaration, blocks: &Blocks<'a>, mistakes: &mut Mistakes) -> Option<Network<'a>> {
    let (attributes, budgets) = (attributes::check(declaration, mistakes), budget::check(declaration, mistakes));
    names::check_sizes(declaration, mistakes);
    let clash = declaration.sizes.iter().any(|size| size.ident == "T")
        || names::hides_scalar(declaration, mistakes)
        || names::contains_itself(declaration, mistakes);
    let context = Context { declaration, blocks, attributes: &attributes };
    let ends = ends::split(context, mistakes);
    let source = ends.input.as_ref().map(|_| Source::before(&declaration.chain.elements[0]));
    let network = chain::check(context, declaration.name.clone(), ends.input, source, ends.layers, mistakes);
    let is_network = declaration.kind == Kind::Network;
    let mut network = network.filter(|_| !clash)?;
    network.budgets = budgets;
    if is_network {
        let loss = ends.loss.map(|element| losses::check(element, &network.output, &declaration.library, mistakes));
        network.loss = Some(loss.unwrap_or_else(|| fallback_loss(declaration)));
    }
    if let (Some(loss), Width::Image(image)) = (&network.loss, &network.output) {
        let (name, shape) = (&loss.text, image.text().unwrap_or_else(|| "images".to_owned()));
        let message =
            format!("`{name}` takes features, but the layers before it output {shape}: put `Flatten ->` before it");
        mistakes.add(&loss.kind, message);
        return None;
    }
    if let (Kind::Network, Width::Image(image)) = (declaration.kind, &network.input) {
        network.input = Width::Size(image.features(declaration.chain.elements[0].type_name().span()));
    }
    Some(network)
}

/// The parts of a declaration that the chains in brackets share.
#[derive(Clone, Copy)]
struct Context<'a, 'c> {
    declaration: &'a Declaration,
    blocks: &'c Blocks<'a>,
    attributes: &'c [Attribute],
}

/// The name of the type that holds the constants of a network's checks.
pub fn answers_name(network: &Ident) -> Ident {
    format_ident!("__{network}Answers", span = Span::mixed_site())
}

/// The name of the constant that holds the output width of the layer at that index.
pub fn width_name(place: usize) -> Ident {
    format_ident!("WIDTH{place}", span = Span::mixed_site())
}

impl Source {
    fn before(element: &Element) -> Self {
        let subject = format!("`{}`", element.text());
        Self { clause: format!("{subject} before it outputs"), subject }
    }
}

/// The fallback for a missing loss.
fn fallback_loss(declaration: &Declaration) -> Loss<'static> {
    let library = &declaration.library;
    let kind = quote!(#library::losses::SoftmaxWithLoss);
    Loss {
        declared_kind: kind.clone(),
        kind,
        initial: Initial::Default,
        text: "SoftmaxWithLoss".to_owned(),
        ours: true,
        declared: false,
    }
}

/// Reports sizes on a layer or loss of the library that works on any number of features.
fn check_no_sizes(element: &Element, mistakes: &mut Mistakes) {
    if let Some(sizes) = &element.arguments {
        let (name, text) = (element.type_name(), element.text());
        let message = format!(
            "`{name}` takes any number of features, so it has no sizes: remove them, or write `self::{text}` for your own type"
        );
        mistakes.add(sizes, message);
    }
}

/// Reports a literal that is not a probability in `Dropout(1.5)` or `Dropout(p = 1.5)`.
fn check_probability(element: &Element, mistakes: &mut Mistakes) {
    let Some(given) = &element.hyperparameters else { return };
    let [value] = given.values.as_slice() else { return };
    let value = given.named().first().map_or(value, |&(_, value)| value);
    let number = text(value).replace([' ', '_'], "").replace("f64", "");
    // A name such as `INFINITY` would parse too.
    let is_literal = number.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let is_outside = number.parse().is_ok_and(|p: f64| !(0.0..1.0).contains(&p));
    if element.is_ours("Dropout") && is_literal && is_outside {
        let message = format!("the probability of `Dropout` must be at least 0 and less than 1, not `{}`", text(value));
        mistakes.add(value, message);
    }
}

/// Determines how a layer is created, and reports hyperparameters of which only some have names.
fn initial<'a>(element: &'a Element, origin: Origin, mistakes: &mut Mistakes) -> Initial<'a> {
    let Some(given) = &element.hyperparameters else { return Initial::Default };
    let (named, count) = (given.named(), given.values.len());
    if origin == Origin::PerFeature && named.len() < count {
        let name = element.type_name();
        let usage = match name.to_string().as_str() {
            "PRelu" => "takes no hyperparameters".to_owned(),
            _ => format!("takes hyperparameters by name, as in `{name}<50>(epsilon = 0.001)`"),
        };
        mistakes.add_at(given.span, format!("`{name}` {usage}"));
        return Initial::Unknown;
    }
    if !named.is_empty() && named.len() < count {
        let text = element.text();
        mistakes.add_at(given.span, format!("`{text}` has hyperparameters with and without names: name all or none"));
        return Initial::Unknown;
    }
    for (place, (name, _)) in named.iter().enumerate() {
        if named[..place].iter().any(|(other, _)| other == name) {
            mistakes.add(name, format!("the hyperparameter `{name}` is set twice: remove one"));
        }
    }
    if named.is_empty() { Initial::New(&given.values) } else { Initial::Methods(named) }
}

impl Width {
    /// The width as a dimension of nalgebra. `layer` returns the type and the input of the layer at an index.
    pub fn dimension<'a>(&self, library: &Path, layer: &impl Fn(usize) -> (TokenStream, &'a Self)) -> TokenStream {
        let number = |size: &Size| {
            let size = size.argument();
            quote!(#library::nalgebra::Const<#size>)
        };
        match self {
            Self::Size(size) => number(size),
            Self::Classes(size) => {
                let size = size.argument();
                quote!(#library::Classes<#size>)
            }
            Self::Image(image) => {
                let sizes = image.sizes().map(number);
                quote!(#library::Image<#(#sizes),*>)
            }
            Self::OutputOf(place) => {
                let (kind, input) = layer(*place);
                let input = input.dimension(library, layer);
                quote!(<#kind as #library::Infer<T, #input>>::Out)
            }
            Self::Type(tokens) => tokens.clone(),
        }
    }

    /// The value, if the width is a literal.
    pub fn literal(&self) -> Option<usize> {
        match self {
            Self::Size(size) | Self::Classes(size) => size.literal,
            Self::Image(image) => image.features(Span::call_site()).literal,
            Self::OutputOf(_) | Self::Type(_) => None,
        }
    }

    /// The width as declared; `None` for the output of a user's layer.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Size(size) if size.hidden => None,
            Self::Size(size) | Self::Classes(size) => Some(text(&size.tokens)),
            Self::Image(image) => image.text(),
            Self::OutputOf(_) | Self::Type(_) => None,
        }
    }
}
