//! Checks layers over images and signals, but for their windows.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Ident;

use super::arguments::sizes_of;
use super::chain::Walk;
use super::size::depends_on_own;
use super::{Initial, Origin, Size, Source, Width};
use crate::known;
use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, Kind, text};

/// The largest side of an image.
pub(super) const MOST: usize = 1024;

/// The shape of an image, or of a signal, which is an image of one row.
#[derive(Clone)]
pub struct Image {
    pub channels: Size,
    /// Height and width.
    pub sides: [Size; 2],
    /// True if it is written without its height, as in `Input<1, 100>`.
    pub is_signal: bool,
}

impl Image {
    /// All three sizes.
    pub fn sizes(&self) -> [&Size; 3] {
        [&self.channels, &self.sides[0], &self.sides[1]]
    }

    /// The number of features.
    pub fn features(&self, span: Span) -> Size {
        Size::product(&self.sizes(), span)
    }

    /// Such as `16 x 12 x 12`, or `16 x 100` for a signal; `None` if a size is a constant of the expansion.
    pub fn text(&self) -> Option<String> {
        let sizes = self.sizes().map(|size| (!size.hidden).then(|| text(&size.tokens)));
        let [channels, height, width] = sizes;
        let (channels, height, width) = (channels?, height?, width?);
        Some(if self.is_signal { format!("{channels} x {width}") } else { format!("{channels} x {height} x {width}") })
    }

    /// Returns true if all sizes agree.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.sizes().iter().zip(other.sizes()).all(|(one, other)| one.agrees_with(other))
    }
}

impl<'a> Walk<'a, '_> {
    /// Checks a layer over images.
    pub fn image_layer(&mut self, element: &'a Element, field: Ident) {
        if self.is_unsure {
            return;
        }
        let (name, clause) = (element.text(), self.source.as_ref().map(|source| source.clause.clone()));
        let [article, noun, input] = if element.takes_signals() {
            ["a", "signal", "Input<1, 100>"]
        } else {
            ["an", "image", "Input<1, 28, 28>"]
        };
        let message = match &self.width {
            Some(Width::Image(image)) => {
                let image = image.clone();
                return self.on_image(element, field, &image);
            }
            // Its sizes are reported already.
            None if self.context.declaration.chain.elements[0].is_ours("Input") => return self.lose(element, field),
            None => format!("the size of the {noun} is unknown: begin with `{input} -> {name}`"),
            Some(Width::Size(size)) if !size.hidden && element.is_ours("Flatten") => {
                let (before, count) = (clause.unwrap_or_default(), text(&size.tokens));
                format!("`Flatten` takes images, but {before} {count} features already: remove it")
            }
            Some(Width::Size(size)) if !size.hidden => {
                let (before, count) = (clause.unwrap_or_default(), text(&size.tokens));
                format!(
                    "`{name}` takes {noun}s, but {before} {count} features: begin with {article} {noun}, as in `{input}`"
                )
            }
            Some(_) => format!("`{name}` takes {noun}s, but the macro cannot see the shape of its input"),
        };
        self.mistakes.add(element, message);
        self.lose(element, field);
    }

    fn on_image(&mut self, element: &'a Element, field: Ident, image: &Image) {
        let layer = match element.type_name().to_string().as_str() {
            _ if !self.has_right_rank(element, image) => None,
            "Flatten" => self.flatten(element, image),
            "GlobalAveragePool" => Some(self.without_settings(element, Width::Size(image.channels.clone()))),
            "Dropout2d" => Some(self.dropout(element, image)),
            "AdaptiveAveragePool2d" => self.adaptive_pool(element, image),
            "Upsample2d" => self.upsample(element, image),
            _ => self.window_layer(element, image),
        };
        let Some((kind, output)) = layer else { return self.lose(element, field) };
        let initial = if element.is_ours("Dropout2d") {
            super::initial(element, Origin::Elementwise, self.mistakes)
        } else {
            Initial::Default
        };
        let source = self.source.replace(Source::before(element));
        self.push((element, field), kind, (Width::Image(image.clone()), output), Vec::new(), Vec::new());
        let last = self.layers.last_mut().expect("it was pushed");
        (last.origin, last.source, last.initial) = (Origin::Image, source, initial);
    }

    /// Reports a layer for signals over an image, or a layer for images over a signal.
    fn has_right_rank(&mut self, element: &Element, image: &Image) -> bool {
        let (name, shape) = (element.text(), image.text().unwrap_or_else(|| "an image".to_owned()));
        let Some(clause) = self.source.as_ref().map(|source| source.clause.clone()) else { return true };
        let own = element.type_name().to_string();
        let message = if element.takes_signals() && !image.is_signal && image.sides[0].literal != Some(1) {
            let other = own.replace("1d", "2d");
            format!("`{name}` takes signals, but {clause} images of {shape}: write `{other}`")
        } else if own.ends_with("2d") && own != "Dropout2d" && image.is_signal {
            let other = own.replace("2d", "1d");
            let other =
                if known::IMAGES.contains(&other.as_str()) { format!("write `{other}`, or ") } else { String::new() };
            format!(
                "`{name}` takes images, but {clause} signals of {shape}: {other}begin with an image, as in `Input<1, 28, 28>`"
            )
        } else {
            return true;
        };
        self.mistakes.add(element, message);
        false
    }

    /// A layer without sizes and settings.
    fn without_settings(&mut self, element: &Element, output: Width) -> (TokenStream, Width) {
        super::check_no_sizes(element, self.mistakes);
        self.check_no_settings(element);
        (element.path.to_token_stream(), output)
    }

    fn check_no_settings(&mut self, element: &Element) {
        if let Some(values) = &element.hyperparameters {
            self.mistakes.add_at(values.span, format!("`{}` has no settings: remove them", element.type_name()));
        }
    }

    fn dropout(&mut self, element: &Element, image: &Image) -> (TokenStream, Width) {
        super::check_no_sizes(element, self.mistakes);
        super::check_probability(element, self.mistakes);
        (element.path.to_token_stream(), Width::Image(image.clone()))
    }

    fn upsample(&mut self, element: &Element, image: &Image) -> Option<(TokenStream, Width)> {
        let usage = format!("the factor of its sides, as in `{}<2>`", element.type_name());
        let factor = sizes_of(element, 1, &usage, None, self.mistakes)?.into_iter().next()?;
        let declaration = self.context.declaration;
        if depends_on_own(declaration, &factor.tokens) {
            let message = "stable Rust cannot compute with const parameters in a type: write the factor as a number";
            self.mistakes.add(&factor.tokens, message);
            return None;
        }
        let span = element.type_name().span();
        let sides = [0, 1].map(|side: usize| Size::product(&[&image.sides[side], &factor], span));
        if let Some(side) = sides.iter().filter_map(|side| side.literal).find(|side| *side > MOST) {
            let message = format!("`{}` outputs an image of {side} pixels, but {MOST} is the limit", element.text());
            self.mistakes.add(element, message);
            return None;
        }
        let (path, factor) = (&element.path, factor.argument());
        Some((quote!(#path<#factor>), Width::Image(Image { sides, ..image.clone() })))
    }

    fn adaptive_pool(&mut self, element: &Element, image: &Image) -> Option<(TokenStream, Width)> {
        let name = element.type_name();
        let usage = format!("the sides of its output, as in `{name}<7>` or `{name}<4, 7>`");
        let count = element.arguments().len().clamp(1, 2);
        let mut sizes = sizes_of(element, count, &usage, None, self.mistakes)?.into_iter();
        self.check_no_settings(element);
        let height = sizes.next()?;
        let sides = [height.clone(), sizes.next().unwrap_or(height)];
        check_sides(&sides, false, self.context.declaration, self.mistakes)?;
        let (path, [height, width]) = (&element.path, sides.each_ref().map(Size::argument));
        Some((quote!(#path<#height, #width>), Width::Image(Image { sides, ..image.clone() })))
    }

    fn flatten(&mut self, element: &Element, image: &Image) -> Option<(TokenStream, Width)> {
        if let Some(sizes) = &element.arguments {
            self.mistakes.add(sizes, "`Flatten` has the size of the image before it: remove this one");
        }
        let declaration = self.context.declaration;
        if image.sizes().iter().any(|size| depends_on_own(declaration, &size.tokens)) {
            let message = "stable Rust cannot multiply const parameters in a type: write the channels before `Flatten` as a number";
            self.mistakes.add(element, message);
            return None;
        }
        let features = image.features(element.type_name().span());
        let (path, argument) = (&element.path, features.argument());
        Some((quote!(#path<#argument>), Width::Size(features)))
    }

    /// Compares a number of channels with that of the image before.
    pub fn compare_channels(&mut self, consumer: &Element, declared: &Size, image: &Image) {
        let declaration = self.context.declaration;
        if image.channels.agrees_with(declared) {
            return;
        }
        let Some(clause) = self.source.as_ref().map(|source| source.clause.clone()) else { return };
        let shape = image.text().unwrap_or_else(|| "an image".to_owned());
        if image.channels.is_known(declaration) && declared.is_known(declaration) {
            let (consumer, takes) = (consumer.text(), text(&declared.tokens));
            let channels = if declared.literal == Some(1) { "channel" } else { "channels" };
            let message = format!("`{consumer}` takes {takes} {channels}, but {clause} {shape}");
            self.mistakes.add(&declared.tokens, message);
        } else if ![declared, &image.channels].iter().any(|size| depends_on_own(declaration, &size.tokens)) {
            let words = [format!("`{}` takes ", consumer.text()), format!(" channels, but {clause} "), String::new()];
            self.agree(declared, &image.channels, words);
        }
    }
}

/// The image in `Input<1, 28, 28>` or the signal in `Input<1, 100>`, if its sides are valid.
pub fn input(mut sizes: Vec<Size>, walk: &super::Context, mistakes: &mut Mistakes) -> Option<Width> {
    let is_signal = sizes.len() == 2;
    if is_signal {
        sizes.insert(1, Size::number(1, Span::call_site()));
    }
    let [channels, height, width] = <[Size; 3]>::try_from(sizes).ok()?;
    let sides = [height, width];
    check_sides(&sides, is_signal, walk.declaration, mistakes)?;
    if walk.declaration.kind == Kind::Network && depends_on_own(walk.declaration, &channels.tokens) {
        let message =
            "stable Rust cannot multiply const parameters in a type: write the channels of the input as a number";
        mistakes.add(&channels.tokens, message);
        return None;
    }
    Some(Width::Image(Image { channels, sides, is_signal }))
}

/// Reports a side that is too large, or that depends on the network's const parameters.
fn check_sides(sides: &[Size; 2], is_signal: bool, declaration: &Declaration, mistakes: &mut Mistakes) -> Option<()> {
    for side in sides {
        if depends_on_own(declaration, &side.tokens) {
            let numbers =
                if is_signal { "the length of a signal as a number" } else { "the sides of an image as numbers" };
            let message = format!("stable Rust cannot compute with const parameters in a type: write {numbers}");
            mistakes.add(&side.tokens, message);
            return None;
        }
        if side.literal.is_some_and(|side| side > MOST) {
            let most = if is_signal {
                format!("a signal has at most {MOST} values")
            } else {
                format!("a side of an image is at most {MOST} pixels")
            };
            let message = format!("{most}, not `{}`", text(&side.tokens));
            mistakes.add(&side.tokens, message);
            return None;
        }
    }
    Some(())
}
