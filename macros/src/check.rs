//! Finds every layer's widths and name, and every mistake.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, GenericArgument, Ident, Lit, Stmt, Type};

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, error_at, text};

/// Layers of ours that give as many features as they take, and take no arguments.
const ELEMENTWISE: [&str; 3] = ["Relu", "Sigmoid", "Tanh"];
/// Losses of ours; they take no arguments.
const LOSSES: [&str; 2] = ["SoftmaxWithLoss", "MeanSquaredError"];

/// A network of which everything is known that the macro can know.
pub struct Network<'a> {
    pub declaration: &'a Declaration,
    pub layers: Vec<Layer<'a>>,
    /// What stands at the end of the chain.
    pub loss: TokenStream,
    pub loss_text: String,
    pub input: Width,
    pub output: Width,
    /// Sizes that only the compiler can compare.
    pub agreements: Vec<Agreement>,
}

/// A layer with its widths.
pub struct Layer<'a> {
    pub element: &'a Element,
    pub field: Ident,
    /// The field's type, in terms of the scalar `T`.
    pub kind: TokenStream,
    pub input: Width,
    pub output: Width,
    /// Whether the library's `Affine`, of which the parameters can be counted.
    pub affine: bool,
}

/// A number of features.
#[derive(Clone)]
pub enum Width {
    /// Written down: a literal, a const or an expression.
    Size(Size),
    /// What a layer's type says: a nalgebra dimension.
    Of(TokenStream),
}

/// A size as it was written.
#[derive(Clone, Debug)]
pub struct Size {
    pub tokens: TokenStream,
    pub literal: Option<usize>,
}

/// Two sizes that have to be equal.
pub struct Agreement {
    /// The size that a layer says it takes.
    pub taken: TokenStream,
    pub taker: String,
    /// The width that it gets.
    pub given: Width,
    pub giver: String,
}

/// Finds out what can be found out; `None` if nothing can be built from the declaration.
pub fn check<'a>(declaration: &'a Declaration, mistakes: &mut Mistakes) -> Option<Network<'a>> {
    check_sizes(declaration, mistakes);
    let (input, elements) = check_input(declaration, mistakes);
    let (elements, loss) = check_loss(declaration, elements, mistakes);
    for element in &elements {
        check_place(element, mistakes);
    }
    let names = check_names(&elements, mistakes);
    let mut chain = Chain { declaration, giver: None, given: input.clone(), agreements: Vec::new(), mistakes };
    let layers: Vec<Layer> =
        elements.into_iter().zip(names).filter_map(|(element, name)| chain.layer(element, name)).collect();
    let agreements = chain.agreements;
    let input = input.or_else(|| layers.first().map(|layer| layer.input.clone()))?;
    let output = layers.last()?.output.clone();
    let library = &declaration.library;
    let (loss, loss_text) = loss.map_or_else(
        || (quote!(#library::losses::SoftmaxWithLoss), "SoftmaxWithLoss".to_owned()),
        |loss| (loss.to_token_stream(), loss.text()),
    );
    Some(Network { declaration, layers, loss, loss_text, input, output, agreements })
}

/// The names that the expansion uses itself.
fn check_sizes(declaration: &Declaration, mistakes: &mut Mistakes) {
    for size in &declaration.sizes {
        if size.ident == "T" {
            mistakes.add(&size.ident, "`T` is the network's scalar; give this size another name");
        }
        if text(&size.ty) != "usize" {
            mistakes.add(&size.ty, "a size is a `usize`");
        }
    }
}

/// Takes `Input<784>` from the beginning of the chain.
fn check_input<'a>(declaration: &'a Declaration, mistakes: &mut Mistakes) -> (Option<Width>, &'a [Element]) {
    match declaration.chain.split_first() {
        Some((first, rest)) if first.is_ours("Input") => {
            if let Some(name) = &first.name {
                mistakes.add(name, "`Input` is not a layer and has no name");
            }
            let width =
                match sizes_of(first, 1, "`Input<784>`: the number of features that the network takes", mistakes) {
                    Some(sizes) => sizes.into_iter().next().map(Width::Size),
                    None => None,
                };
            (width, rest)
        }
        Some((first, _)) if ELEMENTWISE.iter().any(|name| first.is_ours(name)) => {
            let message = format!(
                "`{}` takes any number of features, so the network's input has no width: begin with `Input<...> -> {0}`",
                first.text()
            );
            mistakes.add(first, message);
            (None, &declaration.chain)
        }
        _ => (None, &declaration.chain),
    }
}

/// Splits the loss from the end of the chain.
fn check_loss<'a>(
    declaration: &Declaration,
    elements: &'a [Element],
    mistakes: &mut Mistakes,
) -> (Vec<&'a Element>, Option<&'a Element>) {
    let is_loss = |element: &Element| LOSSES.iter().any(|name| element.is_ours(name));
    let Some((last, before)) = elements.split_last() else {
        if !declaration.broken {
            let message = format!(
                "`{}` has no layers: write them as `= Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;`",
                declaration.name
            );
            mistakes.add_error(error_at(declaration.end, &message));
        }
        return (Vec::new(), None);
    };
    let mut layers: Vec<&Element> = Vec::new();
    for (place, element) in before.iter().enumerate() {
        if is_loss(element) {
            let message = format!(
                "`{}` is a loss, which ends the network, but `{}` follows it",
                element.text(),
                elements[place + 1].text()
            );
            mistakes.add(element, message);
        } else {
            layers.push(element);
        }
    }
    if is_loss(last) {
        check_no_arguments(last, mistakes);
        if let Some(name) = last.name.as_ref().filter(|name| *name != "loss") {
            mistakes.add(name, "the loss is always called `loss`");
        }
        if layers.is_empty() && !declaration.broken {
            let message = format!("`{}` has a loss but no layers before it", declaration.name);
            mistakes.add(last, message);
        }
        return (layers, Some(last));
    }
    let ours = last.is_ours("Affine") || ELEMENTWISE.iter().any(|name| last.is_ours(name));
    if ours || declaration.broken {
        if !declaration.broken && !before.iter().any(is_loss) {
            let message = format!(
                "`{}` ends in `{}`, which is a layer: a network ends in a loss, such as `-> SoftmaxWithLoss`",
                declaration.name,
                last.text()
            );
            mistakes.add(last, message);
        }
        layers.push(last);
        return (layers, None);
    }
    (layers, Some(last)) // a loss of the user's own; the compiler says if it is none
}

fn check_place(element: &Element, mistakes: &mut Mistakes) {
    if element.is_ours("Input") {
        mistakes.add(element, "`Input` says the width of the network's input, so it stands only at the beginning");
    } else if ELEMENTWISE.iter().any(|name| element.is_ours(name)) {
        check_no_arguments(element, mistakes);
    }
}

fn check_no_arguments(element: &Element, mistakes: &mut Mistakes) {
    let name = element.type_name();
    let message = format!("`{name}` takes no arguments: it works on any number of features");
    if let Some(arguments) = &element.arguments {
        mistakes.add(arguments, &message);
    }
    if let Some(values) = &element.hyperparameters {
        mistakes.add(quote!(#(#values),*), &message);
    }
}

/// The layers' names: as given, or `affine1`, `relu1`, `affine2` as in the book.
fn check_names(elements: &[&Element], mistakes: &mut Mistakes) -> Vec<Ident> {
    let mut taken = HashSet::from(["loss".to_owned()]);
    let mut names = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let number = 1 + elements[..place].iter().filter(|other| other.type_name() == element.type_name()).count();
        let kind = element.type_name();
        let numbered = format_ident!("{}{number}", snake_case(&kind.to_string()), span = kind.span());
        let name = element.name.clone().unwrap_or(numbered);
        if taken.insert(name.to_string()) {
            names.push(name);
            continue;
        }
        let message = if name == "loss" {
            "`loss` is the name of the loss; give this layer another one".to_owned()
        } else if element.name.is_some() {
            format!("there is a layer `{name}` before this one; give it another name")
        } else {
            format!("this layer would be called `{name}`, as another one is; name it: `my_name: {}`", element.text())
        };
        mistakes.add(&name, message);
        names.push(format_ident!("{name}_{}", place + 1));
    }
    names
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The walk along the chain, from one layer's output to the next one's input.
struct Chain<'a, 'm> {
    declaration: &'a Declaration,
    /// The last element that said a width, and the width; `None` before the first, or after a mistake.
    giver: Option<&'a Element>,
    given: Option<Width>,
    agreements: Vec<Agreement>,
    mistakes: &'m mut Mistakes,
}

impl<'a> Chain<'a, '_> {
    /// The next layer; `None` if its input has no width.
    fn layer(&mut self, element: &'a Element, field: Ident) -> Option<Layer<'a>> {
        if element.is_ours("Input") {
            return None;
        }
        let affine = element.is_ours("Affine");
        let (input, output) = if affine { self.affine(element)? } else { self.other(element)? };
        let kind = match (&input, &output) {
            (Width::Size(input), Width::Size(output)) if affine => {
                let (path, input, output) = (&element.path, input.argument(), output.argument());
                quote!(#path<#input, #output, T>)
            }
            // What they may not have is a mistake already, and should not be another one.
            _ if ELEMENTWISE.iter().any(|name| element.is_ours(name)) => element.path.to_token_stream(),
            _ => element.to_token_stream(),
        };
        self.given = Some(output.clone());
        Some(Layer { element, field, kind, input, output, affine })
    }

    fn affine(&mut self, element: &'a Element) -> Option<(Width, Width)> {
        let usage = "`Affine<784, 50>`: the features it takes, then those it gives";
        let sizes = sizes_of(element, 2, usage, self.mistakes);
        let Some([taken, gives]) = sizes.map(|sizes| <[Size; 2]>::try_from(sizes).expect("two were asked for")) else {
            self.given = None;
            self.giver = None;
            return None;
        };
        let input = self.compare(element, &taken);
        self.giver = Some(element);
        Some((input, Width::Size(gives)))
    }

    /// The width that an `Affine` really gets, which it has to have said.
    fn compare(&mut self, taker: &'a Element, taken: &Size) -> Width {
        let Some(given) = self.given.take() else { return Width::Size(taken.clone()) };
        let giver =
            self.giver.map_or_else(|| text_of_input(self.declaration), |giver| format!("`{}` before it", giver.text()));
        match &given {
            Width::Size(size) if size.agrees_with(taken) => {}
            Width::Size(size) if self.known(size) && self.known(taken) => {
                let (taker, takes, gives) = (taker.text(), text(&taken.tokens), text(&size.tokens));
                self.mistakes
                    .add(&taken.tokens, format!("`{taker}` takes {takes} features, but {giver} gives {gives}"));
            }
            // A width that depends on sizes of the network's own has no value yet; its type has to do.
            Width::Of(dimension) if self.depends(dimension) || self.depends(&taken.tokens) => {}
            _ => {
                let (taken, taker) = (taken.tokens.clone(), taker.text());
                self.agreements.push(Agreement { taken, taker, given: given.clone(), giver });
            }
        }
        // Of an unknown layer's width only the type is known, and an `Affine` needs a number.
        if matches!(given, Width::Of(_)) { Width::Size(taken.clone()) } else { given }
    }

    /// Whether all is known of a size that there is to know here: a number, or a size of the network's own,
    /// which may be any number and equals only itself.
    fn known(&self, size: &Size) -> bool {
        size.literal.is_some() || self.declaration.sizes.iter().any(|own| text(&own.ident) == text(&size.tokens))
    }

    /// Whether a size of the network's own is among the tokens.
    fn depends(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|token| match token {
            TokenTree::Ident(name) => self.declaration.sizes.iter().any(|own| own.ident == name),
            TokenTree::Group(group) => self.depends(&group.stream()),
            _ => false,
        })
    }

    fn other(&mut self, element: &'a Element) -> Option<(Width, Width)> {
        let Some(input) = self.given.clone() else {
            let known = ELEMENTWISE.iter().any(|name| element.is_ours(name));
            if self.giver.is_none() && !known && std::ptr::eq(element, self.declaration.chain.as_ptr()) {
                let message = format!(
                    "how many features the network takes is not known: begin with `Input<...> -> {}`",
                    element.text()
                );
                self.mistakes.add(element, message);
            }
            return None;
        };
        let output = if ELEMENTWISE.iter().any(|name| element.is_ours(name)) {
            input.clone()
        } else {
            let (library, dimension) = (&self.declaration.library, input.dimension(self.declaration));
            self.giver = Some(element);
            Width::Of(quote!(<#element as #library::Layer<T, #dimension>>::Out))
        };
        Some((input, output))
    }
}

fn text_of_input(declaration: &Declaration) -> String {
    format!("`{}` before it", declaration.chain[0].text())
}

/// The sizes in an element's `<...>`, if there are as many as it takes and each can be one.
fn sizes_of(element: &Element, count: usize, usage: &str, mistakes: &mut Mistakes) -> Option<Vec<Size>> {
    let name = element.type_name();
    let found = element.arguments().len();
    if let Some(values) = &element.hyperparameters {
        mistakes.add(
            quote!(#(#values),*),
            format!("`{name}` takes sizes in `<...>` and nothing in `(...)`; write {usage}"),
        );
    }
    if found != count {
        let sizes = if count == 1 { "1 size".to_owned() } else { format!("{count} sizes") };
        mistakes.add(element, format!("`{name}` takes {sizes}, but has {found}; write {usage}"));
        return None;
    }
    // All of them are looked at, so that each mistake is found.
    let sizes: Vec<_> = element.arguments().into_iter().map(|argument| Size::new(argument, mistakes)).collect();
    sizes.into_iter().collect()
}

impl Size {
    fn new(argument: &GenericArgument, mistakes: &mut Mistakes) -> Option<Self> {
        let tokens = match argument {
            GenericArgument::Type(Type::Path(path)) => path.to_token_stream(),
            GenericArgument::Const(Expr::Lit(ExprLit { lit: Lit::Int(literal), .. })) => {
                return Self::literal(literal, mistakes);
            }
            GenericArgument::Const(Expr::Block(block)) => match &*block.block.stmts {
                // Its braces are needed in `<...>` only.
                [Stmt::Expr(expression, None)] => expression.to_token_stream(),
                _ => block.to_token_stream(),
            },
            other => {
                mistakes.add(
                    other,
                    format!(
                        "`{}` is not a size: a number, a const, or an expression in `{{...}}` is expected",
                        text(other)
                    ),
                );
                return None;
            }
        };
        Some(Self { tokens, literal: None })
    }

    fn literal(literal: &syn::LitInt, mistakes: &mut Mistakes) -> Option<Self> {
        match literal.base10_parse::<usize>() {
            Ok(0) => mistakes.add(literal, "a size of 0: a layer takes and gives at least 1 feature"),
            Ok(value) => return Some(Self { tokens: literal.to_token_stream(), literal: Some(value) }),
            Err(error) => mistakes.add(literal, format!("`{literal}` is not a size: {error}")),
        }
        None
    }

    fn agrees_with(&self, other: &Self) -> bool {
        match (self.literal, other.literal) {
            (Some(one), Some(other)) => one == other,
            _ => text(&self.tokens) == text(&other.tokens),
        }
    }

    /// As a const argument: only literals, single names and blocks may stand there bare.
    pub fn argument(&self) -> TokenStream {
        let tokens = &self.tokens;
        let bare = self.literal.is_some() || syn::parse2::<Ident>(tokens.clone()).is_ok();
        if bare { tokens.clone() } else { quote_spanned!(tokens.span()=> { #tokens }) }
    }
}

impl Width {
    /// As a nalgebra dimension.
    pub fn dimension(&self, declaration: &Declaration) -> TokenStream {
        let library = &declaration.library;
        match self {
            Self::Size(size) => {
                let size = size.argument();
                quote!(#library::nalgebra::Const<#size>)
            }
            Self::Of(dimension) => dimension.clone(),
        }
    }

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
