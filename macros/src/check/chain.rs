//! Determines the widths of all layers, from the first to the last.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, Ident, Type};

use super::arguments::sizes_of;
use super::size::depends_on_own;
use super::{
    Agreement, Context, Image, Initial, Layer, Network, Origin, Size, Source, Unevaluated, Width, answers_name,
    check_no_sizes, check_probability, initial, names, width_name,
};
use crate::known::MOST_CLASSES;
use crate::mistakes::Mistakes;
use crate::parse::{Element, Kind, mentions, text};

/// The state of the walk along a chain, and its results.
pub(super) struct Walk<'a, 'm> {
    pub context: Context<'a, 'm>,
    pub mistakes: &'m mut Mistakes,
    /// The name of the struct.
    pub name: Ident,
    /// The current width, and the last element that specified one. `None` until a width is known.
    pub width: Option<Width>,
    pub source: Option<Source>,
    /// True after a mistake that leaves the width unknown.
    pub is_unsure: bool,
    pub layers: Vec<Layer<'a>>,
    agreements: Vec<Agreement>,
    unevaluated: Vec<Unevaluated>,
    pub conditions: Vec<(TokenStream, Span, String)>,
    widths: Vec<usize>,
}

/// Checks a chain without its loss. Returns `None` if not even a fallback can be built from it.
pub(super) fn check<'a>(
    context: Context<'a, '_>,
    name: Ident,
    input: Option<Width>,
    source: Option<Source>,
    mut elements: Vec<&'a Element>,
    mistakes: &mut Mistakes,
) -> Option<Network<'a>> {
    elements.retain(|element| !context.blocks.is_endless(context.declaration, element));
    let names = names::layer_names(&elements, mistakes);
    let (layers, agreements, unevaluated, widths) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (width, conditions, is_unsure) = (input.clone(), Vec::new(), false);
    let mut walk =
        Walk { context, mistakes, name, width, source, is_unsure, layers, agreements, unevaluated, conditions, widths };
    for (place, (element, name)) in elements.iter().zip(names).enumerate() {
        walk.layer(element, name, &elements[place + 1..]);
    }
    if walk.name != context.declaration.name {
        walk.settle(); // the layers behind the brackets cannot refer to a layer inside
    }
    let Walk { name, layers, agreements, unevaluated, conditions, widths, .. } = walk;
    let input = input.or_else(|| layers.first().map(|layer| layer.input.clone()))?;
    let output = layers.last()?.output.clone();
    let attributes = context.attributes.to_vec();
    let declaration = context.declaration;
    let loss = None;
    Some(Network {
        declaration,
        name,
        attributes,
        budgets: Vec::new(),
        layers,
        loss,
        input,
        output,
        agreements,
        unevaluated,
        conditions,
        widths,
    })
}

impl<'a> Walk<'a, '_> {
    fn layer(&mut self, element: &'a Element, field: Ident, rest: &[&'a Element]) {
        let origin = match element {
            _ if element.is_ours("Input") => {
                let message = "`Input` sets the network's input width and must be the first element";
                return self.mistakes.add(element, message);
            }
            _ if element.is_affine() => Origin::Affine,
            _ if element.is_embedding() => Origin::Embedding,
            _ if element.is_per_feature() => Origin::PerFeature,
            _ if element.is_elementwise() => Origin::Elementwise,
            _ if element.takes_chains() => return self.brackets(element, field),
            _ if element.takes_images() => return self.image_layer(element, field),
            _ if self.context.blocks.is_broken(element) => return self.broken_block(element, field),
            _ if self.is_misfit(element) => return self.misfit(element, field),
            _ => Origin::User,
        };
        if let Some(brackets) = &element.brackets {
            let message = format!(
                "`{}` takes no chains in brackets: only `Residual`, `Sum` and `Concat` do",
                element.type_name()
            );
            self.mistakes.add_at(brackets.span, message);
        }
        if origin == Origin::Elementwise {
            check_no_sizes(element, self.mistakes);
            check_probability(element, self.mistakes);
        }
        if element.arguments().iter().any(|argument| matches!(argument, GenericArgument::Type(Type::Infer(_)))) {
            self.settle();
        }
        let source = self.source.clone();
        let widths = match origin {
            Origin::Affine => self.affine(element, rest),
            Origin::Embedding => self.embedding(element, rest),
            Origin::PerFeature => self.per_feature(element),
            Origin::Elementwise | Origin::Brackets | Origin::Image => {
                self.width.clone().map(|width| (width.clone(), width))
            }
            Origin::User => self.user(element),
        };
        let Some((input, output)) = widths else { return };
        let kind = match (origin, &input, &output) {
            (Origin::Affine, Width::Size(input), Width::Size(output)) => {
                let (path, input, output) = (&element.path, input.argument(), output.argument());
                quote!(#path<#input, #output, T>)
            }
            (Origin::Embedding, Width::Classes(classes), Width::Size(output)) => {
                let (path, classes, output) = (&element.path, classes.argument(), output.argument());
                quote!(#path<#classes, #output, T>)
            }
            // It is not the first layer or takes no images, which is reported already.
            (Origin::Embedding, _, Width::Size(output)) | (Origin::Affine, Width::Image(_), Width::Size(output)) => {
                let (library, output) = (&self.context.declaration.library, output.argument());
                quote!(#library::__private::fallback::FallbackLayer<#library::nalgebra::Const<#output>>)
            }
            (Origin::PerFeature, Width::Image(_), _) if !element.is_ours("BatchNorm") => {
                let library = &self.context.declaration.library;
                quote!(#library::__private::fallback::FallbackForAny)
            }
            (Origin::PerFeature, Width::Size(size) | Width::Image(Image { channels: size, .. }), _) => {
                let (path, size) = (&element.path, size.argument());
                quote!(#path<#size, T>)
            }
            // Its arguments are reported already, so they are left out here.
            (Origin::Elementwise, ..) => element.path.to_token_stream(),
            _ => self.user_kind(element),
        };
        self.width = Some(output.clone());
        let initial = match (origin, &input) {
            (Origin::Embedding, Width::Size(_) | Width::OutputOf(_) | Width::Type(_) | Width::Image(_)) => {
                Initial::Unknown
            }
            (Origin::Affine, Width::Image(_)) => Initial::Unknown,
            (Origin::PerFeature, Width::Image(_)) if !element.is_ours("BatchNorm") => Initial::Unknown,
            // Hyperparameters are reported already.
            (Origin::Affine | Origin::Embedding, _) => Initial::Default,
            _ => initial(element, origin, self.mistakes),
        };
        let (inside, agreements) = (Vec::new(), Vec::new());
        self.layers.push(Layer { element, field, kind, input, output, origin, initial, source, inside, agreements });
    }

    /// Adds a layer with chains in brackets.
    pub fn push(
        &mut self,
        (element, field): (&'a Element, Ident),
        kind: TokenStream,
        (input, output): (Width, Width),
        inside: Vec<Network<'a>>,
        agreements: Vec<Agreement>,
    ) {
        self.width = Some(output.clone());
        let (origin, initial, source) = (Origin::Brackets, Initial::Default, self.source.clone());
        self.layers.push(Layer { element, field, kind, input, output, origin, initial, source, inside, agreements });
    }

    /// Makes a constant of the current width if it is the output of the user's layer, so that sizes can mention it.
    ///
    /// If it depends on the network's const parameters, it becomes a type instead.
    pub fn settle(&mut self) {
        let Some(Width::OutputOf(place)) = self.width else { return };
        if self.is_unsure {
            return;
        }
        let width = if self.depends(place) {
            Width::Type(self.dimension(&Width::OutputOf(place)))
        } else {
            let span = Span::mixed_site().located_at(self.layers[place].element.type_name().span());
            let [mut answers, mut constant] = [answers_name(&self.name), width_name(place)];
            answers.set_span(span);
            constant.set_span(span);
            self.widths.push(place);
            Width::Size(Size { hidden: true, ..Size::of(quote_spanned!(span=> #answers::#constant)) })
        };
        if let Some(last) = self.layers.last_mut() {
            last.output = width.clone();
        }
        if matches!(width, Width::Size(_)) {
            self.layers[place].output = width.clone();
        }
        self.width = Some(width);
    }

    /// A width as a dimension of nalgebra.
    pub fn dimension(&self, width: &Width) -> TokenStream {
        width.dimension(&self.context.declaration.library, &|place| {
            let layer = &self.layers[place];
            (layer.kind.clone(), &layer.input)
        })
    }

    /// The width for a `_` in a layer of features.
    fn blank(&self) -> Option<Width> {
        match &self.width {
            Some(_) if self.is_unsure => Some(Width::Size(Size::number(1, Span::call_site()))),
            // The missing `Flatten` is reported.
            Some(Width::Image(image)) => Some(Width::Size(image.features(Span::call_site()))),
            width => width.clone(),
        }
    }

    fn affine(&mut self, element: &'a Element, rest: &[&'a Element]) -> Option<(Width, Width)> {
        let usage = format!("the input width and the output width, as in `{}<784, 50>`", element.type_name());
        let (declared, output) = match sizes_of(element, 2, &usage, self.blank().as_ref(), self.mistakes) {
            Some(sizes) => <[Size; 2]>::try_from(sizes).expect("two were asked for").into(),
            None => self.guess(element, rest)?,
        };
        self.check_range(element, &declared, &output, None);
        let input = self.compare(element, &declared);
        self.source = Some(Source::before(element));
        Some((input, Width::Size(output)))
    }

    fn embedding(&mut self, element: &'a Element, rest: &[&'a Element]) -> Option<(Width, Width)> {
        let name = element.type_name();
        let usage = format!("the number of classes and the number of features, as in `{name}<1000, 16>`");
        let (classes, output) = match sizes_of(element, 2, &usage, None, self.mistakes) {
            Some(sizes) => <[Size; 2]>::try_from(sizes).expect("two were asked for").into(),
            None => self.guess(element, rest)?,
        };
        let message = format!(
            "`{}` has too many classes: `f32` holds class numbers exactly up to {MOST_CLASSES}",
            element.text()
        );
        if classes.literal.is_some_and(|classes| classes > MOST_CLASSES) {
            self.mistakes.add(&classes.tokens, message);
        } else {
            self.check_range(element, &classes, &output, Some((MOST_CLASSES, message)));
        }
        self.source = Some(Source::before(element));
        if self.context.declaration.kind == Kind::Block {
            self.mistakes.add(
                element,
                format!("`{name}` takes class numbers, but a block takes features: use it in a `struct`"),
            );
        }
        let first = &self.context.declaration.chain.elements[0];
        if std::ptr::eq(first, element) {
            return Some((Width::Classes(classes), Width::Size(output)));
        }
        let message = match &*self.layers {
            [] if first.is_ours("Input") => format!("`{name}` sets the input itself: remove `{} ->`", first.text()),
            _ => format!("`{name}` takes class numbers, so it must be the first element"),
        };
        if self.context.declaration.kind == Kind::Network {
            self.mistakes.add(element, message);
        }
        Some((self.width.clone().unwrap_or(Width::Size(classes)), Width::Size(output)))
    }

    fn per_feature(&mut self, element: &'a Element) -> Option<(Width, Width)> {
        let usage = format!("the number of features, as in `{}<50>`", element.type_name());
        let known = match &self.width {
            Some(Width::Image(image)) => Some(Width::Size(image.channels.clone())),
            _ => self.blank(),
        };
        let declared = match (sizes_of(element, 1, &usage, known.as_ref(), self.mistakes), &known) {
            (Some(sizes), _) => sizes.into_iter().next()?,
            (None, Some(Width::Size(size))) => size.clone(),
            (None, _) => Size::new(element.arguments().first()?).ok()?,
        };
        if let Some(Width::Image(image)) = self.width.clone().filter(|_| !self.is_unsure) {
            if element.is_ours("BatchNorm") {
                self.compare_channels(element, &declared, &image);
            } else {
                self.needs_flatten(element, &image);
            }
            let width = Width::Image(image);
            return Some((width.clone(), width));
        }
        // A size that agrees with that of an earlier layer was checked there.
        let is_checked = matches!(&self.width, Some(Width::Size(size)) if size.agrees_with(&declared));
        if declared.literal.is_none() && (self.layers.is_empty() || !is_checked) {
            self.check_range(element, &declared, &Size::number(1, Span::call_site()), None);
        }
        let width = self.compare(element, &declared);
        self.source = Some(Source::before(element));
        Some((width.clone(), width))
    }

    /// Guesses the sizes of an `Affine` with mistakes, from its valid arguments and its neighbors.
    fn guess(&self, element: &Element, rest: &[&Element]) -> Option<(Size, Size)> {
        let nth = |element: &Element, place: usize| Size::new(element.arguments().get(place)?).ok();
        let input = nth(element, 0).or_else(|| match &self.width {
            Some(Width::Size(size)) => Some(size.clone()),
            _ => None,
        });
        let next = rest.iter().find(|next| next.is_affine());
        let output = nth(element, 1).or_else(|| nth(next?, 0)).or_else(|| input.clone());
        Some((input?, output?))
    }

    /// Reports a layer whose parameters do not fit into memory, or leaves that check to the compiler.
    fn check_range(&mut self, element: &Element, input: &Size, output: &Size, most: Option<(usize, String)>) {
        match (input.literal, output.literal) {
            (Some(input), Some(output)) => {
                let bytes = (input as u128 + 1).saturating_mul(output as u128).saturating_mul(8);
                if bytes > isize::MAX as u128 {
                    let message =
                        format!("`{}` has more parameters than memory can hold: use smaller sizes", element.text());
                    self.mistakes.add(element, message);
                }
            }
            _ if self.context.declaration.sizes.is_empty() && !input.hidden => {
                self.unevaluated.push(Unevaluated {
                    input: input.clone(),
                    output: output.clone(),
                    layer: element.text(),
                    most,
                });
            }
            _ => {}
        }
    }

    /// Compares the input width of a layer with the previous output, and returns the actual width.
    fn compare(&mut self, consumer: &'a Element, declared: &Size) -> Width {
        let is_unsure = std::mem::take(&mut self.is_unsure);
        let (Some(actual), Some(source)) = (self.width.take(), &self.source) else {
            return Width::Size(declared.clone());
        };
        let declaration = self.context.declaration;
        match &actual {
            Width::OutputOf(place) if is_unsure => {
                let (library, size) = (&declaration.library, declared.argument());
                self.layers[*place].kind =
                    quote!(#library::__private::fallback::FallbackLayer<#library::nalgebra::Const<#size>>);
            }
            _ if is_unsure => {}
            Width::Image(image) => {
                let image = image.clone();
                self.needs_flatten(consumer, &image);
            }
            Width::Size(size) if size.agrees_with(declared) => {}
            Width::Size(size) if size.is_known(declaration) && declared.is_known(declaration) => {
                let (consumer, takes, outputs) = (consumer.text(), text(&declared.tokens), text(&size.tokens));
                let message = format!("`{consumer}` takes {takes} features, but {} {outputs}", source.clause);
                self.mistakes.add(&declared.tokens, message);
            }
            // A width that depends on const parameters has no value yet, so the types are compared instead.
            _ if self.has_no_value(&actual) || depends_on_own(declaration, &declared.tokens) => {}
            _ => {
                let between = format!(" features, but {} ", source.clause);
                let words = [format!("`{}` takes ", consumer.text()), between, String::new()];
                self.agreements.push(Agreement { declared: declared.clone(), actual: actual.clone(), words });
            }
        }
        // The macro does not know the output width of a user's layer, so the declared width is used.
        if matches!(actual, Width::Size(_) | Width::Image(_)) { actual } else { Width::Size(declared.clone()) }
    }

    /// Reports an image in front of a layer that takes features.
    fn needs_flatten(&mut self, consumer: &Element, image: &Image) {
        let (name, clause) = (consumer.text(), self.source.as_ref().map(|source| source.clause.as_str()));
        let shape = image.text().unwrap_or_else(|| "an image".to_owned());
        let count = image
            .features(Span::call_site())
            .literal
            .map_or_else(String::new, |count| format!(", with {count} features"));
        let clause = clause.unwrap_or("the layer before it outputs");
        let message = format!("`{name}` takes features, but {clause} {shape}: put `Flatten ->` between them{count}");
        self.mistakes.add(consumer, message);
    }

    /// Leaves the comparison of two sizes to the compiler.
    pub fn agree(&mut self, declared: &Size, actual: &Size, words: [String; 3]) {
        let actual = Width::Size(actual.clone());
        self.agreements.push(Agreement { declared: declared.clone(), actual, words });
    }

    /// Returns true if a width of which the macro does not know the value depends on the network's const parameters.
    fn has_no_value(&self, width: &Width) -> bool {
        match width {
            Width::Size(_) | Width::Classes(_) | Width::Image(_) => false,
            Width::OutputOf(place) => self.depends(*place),
            Width::Type(_) => true,
        }
    }

    /// Returns true if the type or the input of the layer at index `place` depends on the network's const parameters.
    fn depends(&self, place: usize) -> bool {
        let layer = &self.layers[place];
        depends_on_own(self.context.declaration, &layer.kind)
            || match &layer.input {
                Width::Size(size) | Width::Classes(size) => depends_on_own(self.context.declaration, &size.tokens),
                Width::Image(image) => {
                    image.sizes().iter().any(|size| depends_on_own(self.context.declaration, &size.tokens))
                }
                width => self.has_no_value(width),
            }
    }

    /// The type of a user's layer. A block of the same `network!` gets the scalar.
    fn user_kind(&self, element: &Element) -> TokenStream {
        let arguments = element.arguments();
        let has_scalar = arguments.iter().any(|argument| mentions(&argument.to_token_stream(), "T"));
        if !self.context.blocks.contains(element) || has_scalar {
            return element.to_token_stream();
        }
        let path = &element.path;
        quote!(#path<#(#arguments,)* T>)
    }

    fn user(&mut self, element: &'a Element) -> Option<(Width, Width)> {
        // As the first layer it is a mistake, which the compiler reports. Its first argument is usually the input width.
        let first = || element.arguments().first().and_then(|size| Size::new(size).ok());
        let guess = || first().filter(|size| size.literal.is_some()).map(Width::Size);
        let blocks = self.context.blocks;
        let takes = blocks.takes(element);
        let input = self.width.clone().or_else(|| takes.clone()).or_else(guess)?;
        self.source = Some(Source::before(element));
        // After another input width, which the compiler reports, the output is unknown.
        let fits = match (&input, &takes) {
            (_, None) | (Width::Type(_), _) => true,
            (Width::Size(input), Some(Width::Size(takes))) => input.agrees_with(takes),
            (Width::Image(input), Some(Width::Image(takes))) => input.agrees_with(takes),
            _ => false,
        };
        let output = blocks.output(element).filter(|_| fits);
        Some((input, output.unwrap_or(Width::OutputOf(self.layers.len()))))
    }
}
