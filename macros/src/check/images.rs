//! Checks layers over images: convolution, pooling and `Flatten`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Ident, Lit};

use super::arguments::sizes_of;
use super::chain::Walk;
use super::size::depends_on_own;
use super::{Initial, Origin, Size, Source, Width};
use crate::parse::{Element, text};

/// The largest side of an image.
const MOST: usize = 1024;

/// The shape of an image.
#[derive(Clone)]
pub struct Image {
    pub channels: Size,
    /// Height and width.
    pub sides: [Size; 2],
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

    /// Such as `16 x 12 x 12`; `None` if a size is a constant of the expansion.
    pub fn text(&self) -> Option<String> {
        let sizes = self.sizes().map(|size| (!size.hidden).then(|| text(&size.tokens)));
        let [channels, height, width] = sizes;
        Some(format!("{} x {} x {}", channels?, height?, width?))
    }

    /// Returns true if all sizes agree.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.sizes().iter().zip(other.sizes()).all(|(one, other)| one.agrees_with(other))
    }
}

/// The window of a convolution or of pooling: height and width of each setting.
struct Window {
    kernel: [Size; 2],
    stride: [Size; 2],
    padding: [Size; 2],
    dilation: [Size; 2],
    /// False for a convolution without bias, or a mean that does not count the padding.
    flag: bool,
    /// True if pixels that no window reads are allowed.
    ignore_rest: bool,
}

impl Window {
    /// Returns true if both directions have the same settings.
    fn is_square(&self) -> bool {
        [&self.kernel, &self.stride, &self.padding, &self.dilation]
            .iter()
            .all(|[height, width]| height.agrees_with(width))
    }

    /// The settings as a type.
    fn kind(&self, library: &syn::Path) -> TokenStream {
        let Self { kernel, stride, padding, dilation, .. } = self;
        let arguments = [kernel, stride, padding, dilation].map(|pair| [pair[0].argument(), pair[1].argument()]);
        let [[kh, kw], [sh, sw], [ph, pw], [dh, dw]] = arguments;
        if self.is_square() {
            quote!(#library::Square<#kh, #sh, #ph, #dh>)
        } else {
            quote!(#library::Window<#kh, #kw, #sh, #sw, #ph, #pw, #dh, #dw>)
        }
    }

    /// Returns true if these are the settings of the shortest form of the layer.
    fn is_plain(&self, is_pooling: bool) -> bool {
        let [[kernel, _], [stride, _], [padding, _], [dilation, _]] =
            [&self.kernel, &self.stride, &self.padding, &self.dilation];
        let usual = if is_pooling { stride.agrees_with(kernel) } else { stride.literal == Some(1) };
        self.is_square() && self.flag && usual && padding.literal == Some(0) && dilation.literal == Some(1)
    }
}

impl<'a> Walk<'a, '_> {
    /// Checks a layer over images.
    pub fn image_layer(&mut self, element: &'a Element, field: Ident) {
        if self.is_unsure {
            return;
        }
        let (name, clause) = (element.text(), self.source.as_ref().map(|source| source.clause.clone()));
        let message = match &self.width {
            Some(Width::Image(image)) => {
                let image = image.clone();
                return self.on_image(element, field, &image);
            }
            // Its sizes are reported already.
            None if self.context.declaration.chain.elements[0].is_ours("Input") => return self.lose(element, field),
            None => format!("the size of the image is unknown: begin with `Input<1, 28, 28> -> {name}`"),
            Some(Width::Size(size)) if !size.hidden && element.is_ours("Flatten") => {
                let (before, count) = (clause.unwrap_or_default(), text(&size.tokens));
                format!("`Flatten` takes images, but {before} {count} features already: remove it")
            }
            Some(Width::Size(size)) if !size.hidden => {
                let (before, count) = (clause.unwrap_or_default(), text(&size.tokens));
                format!(
                    "`{name}` takes images, but {before} {count} features: begin with an image, as in `Input<1, 28, 28>`"
                )
            }
            Some(_) => format!("`{name}` takes images, but the macro cannot see the shape of its input"),
        };
        self.mistakes.add(element, message);
        self.lose(element, field);
    }

    fn on_image(&mut self, element: &'a Element, field: Ident, image: &Image) {
        let layer = match element.type_name().to_string().as_str() {
            "Flatten" => self.flatten(element, image),
            "GlobalAveragePool" => Some(self.without_settings(element, Width::Size(image.channels.clone()))),
            "Dropout2d" => Some(self.dropout(element, image)),
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

    /// A layer without sizes and settings.
    fn without_settings(&mut self, element: &Element, output: Width) -> (TokenStream, Width) {
        super::check_no_sizes(element, self.mistakes);
        if let Some(values) = &element.hyperparameters {
            self.mistakes.add_at(values.span, format!("`{}` has no settings: remove them", element.type_name()));
        }
        (element.path.to_token_stream(), output)
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
        Some((quote!(#path<#factor>), Width::Image(Image { channels: image.channels.clone(), sides })))
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

    fn window_layer(&mut self, element: &'a Element, image: &Image) -> Option<(TokenStream, Width)> {
        let is_pooling = !element.is_convolution();
        let name = element.type_name();
        let is_depthwise = element.is_ours("DepthwiseConv2d");
        let (least, usage) = match (is_pooling, is_depthwise) {
            (true, _) => (1, format!("the side of its window, as in `{name}<2>`")),
            (_, true) => (2, format!("the channels and the side of its window, as in `{name}<16, 3>`")),
            _ => (3, format!("the channels in and out and the side of its window, as in `{name}<1, 16, 5>`")),
        };
        let count = element.arguments().len().clamp(least, least + 1);
        let channels = Width::Size(image.channels.clone());
        let mut sizes = sizes_of(element, count, &usage, Some(&channels), self.mistakes)?.into_iter();
        let same = || image.channels.clone();
        let input = if is_pooling { same() } else { sizes.next()? };
        let output = if is_pooling || is_depthwise { same() } else { sizes.next()? };
        let height = sizes.next()?;
        let kernel = [height.clone(), sizes.next().unwrap_or(height)];
        let window = self.window(element, kernel, is_pooling)?;
        if !is_pooling {
            self.compare_channels(element, &input, image);
        }
        let sides = self.count(element, &window, image)?;
        let (library, path) = (&self.context.declaration.library, &element.path);
        let (kind, side) = (window.kind(library), window.kernel[0].argument());
        // The channels of the image, also after a mistake.
        let (input, out) = (image.channels.argument(), output.argument());
        let sizes = match (is_pooling, is_depthwise) {
            (true, _) => quote!(#side),
            (_, true) => quote!(#input, #side, T),
            _ => quote!(#input, #out, #side, T),
        };
        let kind = match (window.is_plain(is_pooling), window.flag) {
            (true, _) => quote!(#path<#sizes>),
            (false, true) => quote!(#path<#sizes, #kind>),
            (false, false) => quote!(#path<#sizes, #kind, false>),
        };
        Some((kind, Width::Image(Image { channels: output, sides })))
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

    /// Reads the settings of a window.
    fn window(&mut self, element: &Element, kernel: [Size; 2], is_pooling: bool) -> Option<Window> {
        let name = element.type_name();
        let stride = if is_pooling { kernel.clone() } else { [number(1), number(1)] };
        let (padding, dilation) = ([number(0), number(0)], [number(1), number(1)]);
        let mut window = Window { kernel, stride, padding, dilation, flag: true, ignore_rest: false };
        let Some(given) = &element.hyperparameters else { return self.checked(element, window, None, is_pooling) };
        let named = given.named();
        if named.len() < given.values.len() {
            let message = format!("`{}` takes its settings by name, as in `(stride = 2)`", element.text());
            self.mistakes.add_at(given.span, message);
            return None;
        }
        let mut same = None;
        for (place, &(setting, value)) in named.iter().enumerate() {
            if named[..place].iter().any(|(other, _)| *other == setting) {
                self.mistakes.add(setting, format!("the setting `{setting}` is written twice: remove one"));
                return None;
            }
            match setting.to_string().as_str() {
                "padding" if matches!(value, Expr::Path(path) if path.path.is_ident("same")) => same = Some(value),
                "stride" => window.stride = self.pair(setting, value, 1)?,
                "padding" => window.padding = self.pair(setting, value, 0)?,
                "dilation" => window.dilation = self.pair(setting, value, 1)?,
                "bias" if !is_pooling => window.flag = self.flag(setting, value)?,
                "count_padding" if element.is_ours("AveragePool2d") => window.flag = self.flag(setting, value)?,
                "ignore_rest" => window.ignore_rest = self.flag(setting, value)?,
                _ => {
                    let bias = match name.to_string().as_str() {
                        "MaxPool2d" => "",
                        "AveragePool2d" => " `count_padding`,",
                        _ => " `bias`,",
                    };
                    let all = format!("`stride`, `padding`, `dilation`,{bias} `ignore_rest`");
                    self.mistakes.add(setting, format!("`{name}` has no setting `{setting}`, only {all}"));
                    return None;
                }
            }
        }
        self.checked(element, window, same, is_pooling)
    }

    /// Checks a window, and computes the padding that keeps the size of the image if `same` is set.
    fn checked(
        &mut self,
        element: &Element,
        mut window: Window,
        same: Option<&Expr>,
        is_pooling: bool,
    ) -> Option<Window> {
        let (name, declaration) = (element.text(), self.context.declaration);
        let all = [&window.kernel, &window.stride, &window.padding, &window.dilation];
        if let Some(size) = all.into_iter().flatten().find(|size| depends_on_own(declaration, &size.tokens)) {
            let message = "stable Rust cannot compute with const parameters in a type: write the window with numbers";
            self.mistakes.add(&size.tokens, message);
            return None;
        }
        if let Some(value) = same {
            for side in 0..2 {
                let [kernel, stride, dilation] =
                    [&window.kernel, &window.stride, &window.dilation].map(|pair| pair[side].literal);
                let message = match (kernel, stride, dilation) {
                    (Some(kernel), Some(1), Some(dilation)) if (dilation * (kernel - 1)).is_multiple_of(2) => {
                        window.padding[side] = number(dilation * (kernel - 1) / 2);
                        continue;
                    }
                    (Some(kernel), Some(1), Some(_)) => {
                        format!(
                            "`same` needs an odd window, but that of `{name}` is {kernel}: write the padding as a number"
                        )
                    }
                    _ => "`same` needs a stride of 1 and a window of numbers: write the padding as a number".to_owned(),
                };
                self.mistakes.add(value, message);
                return None;
            }
        }
        for side in 0..2 {
            if let (true, Some(padding), Some(kernel)) =
                (is_pooling, window.padding[side].literal, window.kernel[side].literal)
                && padding > kernel / 2
            {
                let half = kernel / 2;
                let message =
                    format!("the padding of `{name}` must be at most {half}, half of its window, not `{padding}`");
                self.mistakes.add(&window.padding[side].tokens, message);
                return None;
            }
        }
        Some(window)
    }

    /// One value for both directions, or a pair for height and width.
    fn pair(&mut self, setting: &Ident, value: &Expr, least: usize) -> Option<[Size; 2]> {
        match value {
            Expr::Tuple(pair) if pair.elems.len() == 2 => {
                Some([self.value(setting, &pair.elems[0], least)?, self.value(setting, &pair.elems[1], least)?])
            }
            value => {
                let size = self.value(setting, value, least)?;
                Some([size.clone(), size])
            }
        }
    }

    fn value(&mut self, setting: &Ident, value: &Expr, least: usize) -> Option<Size> {
        let message = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) => match literal.base10_parse::<usize>() {
                Ok(number) if number >= least => {
                    return Some(Size { literal: Some(number), ..Size::of(value.to_token_stream()) });
                }
                _ => format!("`{setting}` must be at least {least}, not `{literal}`"),
            },
            Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_) | Expr::Array(_) => {
                let or_same = if setting == "padding" { ", `same`" } else { "" };
                format!("`{setting}` is a whole number{or_same} or a pair `(height, width)`, not `{}`", text(value))
            }
            expression => return Some(Size::of(expression.to_token_stream())),
        };
        self.mistakes.add(value, message);
        None
    }

    fn flag(&mut self, setting: &Ident, value: &Expr) -> Option<bool> {
        if let Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) = value {
            return Some(flag.value);
        }
        self.mistakes.add(value, format!("`{setting}` is `true` or `false`, not `{}`", text(value)));
        None
    }

    /// The sides of the output.
    fn count(&mut self, element: &Element, window: &Window, image: &Image) -> Option<[Size; 2]> {
        let name = element.text();
        let (mut sides, mut is_reported) = (Vec::new(), false);
        for side in 0..2 {
            let all = [&image.sides, &window.kernel, &window.stride, &window.padding, &window.dilation];
            let [size, kernel, stride, padding, dilation] = all.map(|pair| &pair[side]);
            let word = ["high", "wide"][side];
            let literals = all.map(|pair| pair[side].literal);
            let [Some(pixels), Some(k), Some(s), Some(p), Some(d)] = literals else {
                let library = &self.context.declaration.library;
                let [size, kernel, stride, padding, dilation] =
                    [size, kernel, stride, padding, dilation].map(|size| &size.tokens);
                let arguments = quote!(#size, #kernel, #stride, #padding, #dilation);
                let does_not_fit = quote!(!#library::__private::window_fits(#arguments));
                let message = format!("the window of `{name}` is larger than its image, or a size is 0 or too large");
                match self.conditions.last_mut() {
                    Some((other, _, same)) if side == 1 && *same == message => *other = quote!(#other || #does_not_fit),
                    _ => self.conditions.push((does_not_fit, element.type_name().span(), message)),
                }
                sides.push(Size { hidden: true, ..Size::of(quote!(#library::__private::windows(#arguments))) });
                continue;
            };
            let (padded, covers) = (pixels + 2 * p, d * (k - 1) + 1);
            if covers > padded {
                let border = if p == 0 { String::new() } else { format!(" with its padding of {p}") };
                let message =
                    format!("the window of `{name}` is {covers} pixels {word}, but its image only {padded}{border}");
                self.mistakes.add(element, message);
                return None;
            }
            let rest = ((padded - covers) % s).saturating_sub(p);
            let skipped = if d == 1 { s.saturating_sub(k) } else { 0 };
            if !window.ignore_rest && !is_reported && (rest > 0 || skipped > 0 && padded > covers) {
                is_reported = true;
                let what = if skipped > 0 {
                    let pixels = if skipped == 1 { "pixel" } else { "pixels" };
                    format!("its stride of {s} jumps over {skipped} {pixels} between windows")
                } else {
                    let pixels_of = if rest == 1 { "the last row or column" } else { "the last rows or columns" };
                    format!("{pixels_of} of its image, {pixels} pixels {word}, would never be read")
                };
                let message =
                    format!("`{name}`: {what}: change stride or padding, or allow it with `(ignore_rest = true)`");
                self.mistakes.add(element, message);
            }
            let count = (padded - covers) / s + 1;
            if count > MOST {
                self.mistakes
                    .add(element, format!("`{name}` outputs an image {count} pixels {word}, but {MOST} is the limit"));
                return None;
            }
            sides.push(Size::number(count, element.type_name().span()));
        }
        sides.try_into().ok()
    }
}

/// The image in `Input<1, 28, 28>`, if its sides are valid.
pub fn input(sizes: Vec<Size>, walk: &super::Context, mistakes: &mut crate::mistakes::Mistakes) -> Option<Width> {
    let [channels, height, width] = <[Size; 3]>::try_from(sizes).ok()?;
    for side in [&height, &width] {
        if depends_on_own(walk.declaration, &side.tokens) {
            let message =
                "stable Rust cannot compute with const parameters in a type: write the sides of an image as numbers";
            mistakes.add(&side.tokens, message);
            return None;
        }
        if side.literal.is_some_and(|side| side > MOST) {
            let message = format!("a side of an image is at most {MOST} pixels, not `{}`", text(&side.tokens));
            mistakes.add(&side.tokens, message);
            return None;
        }
    }
    Some(Width::Image(Image { channels, sides: [height, width] }))
}

/// A layer's number of parameters and of multiply-adds per sample, and its weight's shape, if all sizes are literals.
pub fn counts(layer: &super::Layer) -> Option<[usize; 2]> {
    if !layer.element.is_convolution() {
        return Some([0, 0]);
    }
    let (Width::Image(input), Width::Image(output)) = (&layer.input, &layer.output) else { return None };
    let sizes = layer.element.arguments();
    let side = |place: usize| sizes.get(place).and_then(|size| Size::new(size).ok()).and_then(|size| size.literal);
    let is_depthwise = layer.element.is_ours("DepthwiseConv2d");
    let first = if is_depthwise { 1 } else { 2 };
    let (height, width) = (side(first)?, side(first + 1).or_else(|| side(first))?);
    let [inputs, outputs] = [input.channels.literal?, output.channels.literal?];
    let inputs = if is_depthwise { 1 } else { inputs };
    let weights = inputs.checked_mul(outputs)?.checked_mul(height)?.checked_mul(width)?;
    let has_bias = !layer.kind.to_string().ends_with("false >");
    let pixels = output.sides[0].literal?.checked_mul(output.sides[1].literal?)?;
    Some([weights + if has_bias { outputs } else { 0 }, weights.checked_mul(pixels)?])
}

fn number(value: usize) -> Size {
    Size::number(value, Span::call_site())
}
