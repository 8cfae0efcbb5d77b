//! Checks layers with windows: convolutions and pooling.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Ident, Lit};

use super::arguments::sizes_of;
use super::chain::Walk;
use super::images::MOST;
use super::size::depends_on_own;
use super::{Image, Layer, Size, Width};
use crate::parse::{Element, text};

/// The window of a convolution or of pooling: height and width of each setting.
struct Window {
    kernel: [Size; 2],
    stride: [Size; 2],
    padding: [Size; 2],
    dilation: [Size; 2],
    /// The rows and columns that a transposed convolution adds.
    extra: [Size; 2],
    /// The number of groups of a convolution.
    groups: Size,
    /// False for a convolution without bias, or a mean that does not count the padding.
    flag: bool,
    /// True if pixels that no window reads are allowed.
    ignore_rest: bool,
}

impl Window {
    /// A window with the default settings.
    fn new(element: &Element, kernel: [Size; 2]) -> Self {
        let one = || [number(1), number(1)];
        let stride = if is_pooling(element) { kernel.clone() } else { one() };
        let none = || [number(0), number(0)];
        Self {
            kernel,
            stride,
            padding: none(),
            dilation: one(),
            extra: none(),
            groups: number(1),
            flag: true,
            ignore_rest: false,
        }
    }

    /// Returns true if both directions have the same settings.
    fn is_square(&self) -> bool {
        [&self.kernel, &self.stride, &self.padding, &self.dilation]
            .iter()
            .all(|[height, width]| height.agrees_with(width))
    }

    /// The settings as a type.
    fn kind(&self, element: &Element, library: &syn::Path) -> TokenStream {
        let Self { kernel, stride, padding, dilation, .. } = self;
        let arguments = [kernel, stride, padding, dilation].map(|pair| [pair[0].argument(), pair[1].argument()]);
        let [[kh, kw], [sh, sw], [ph, pw], [dh, dw]] = arguments;
        if element.takes_signals() {
            quote!(#library::Line<#kw, #sw, #pw, #dw>)
        } else if self.is_square() {
            quote!(#library::Square<#kh, #sh, #ph, #dh>)
        } else {
            quote!(#library::Window<#kh, #kw, #sh, #sw, #ph, #pw, #dh, #dw>)
        }
    }

    /// Returns true if these are the settings of the shortest form of the layer.
    fn is_plain(&self, element: &Element) -> bool {
        let [kernel, stride, padding, dilation] =
            [&self.kernel, &self.stride, &self.padding, &self.dilation].map(|pair| &pair[1]);
        let usual = if is_pooling(element) { stride.agrees_with(kernel) } else { stride.literal == Some(1) };
        let is_square = element.takes_signals() || self.is_square();
        is_square && self.flag && usual && padding.literal == Some(0) && dilation.literal == Some(1)
    }
}

/// Returns true if the layer has no weights.
fn is_pooling(element: &Element) -> bool {
    element.type_name().to_string().contains("Pool")
}

/// Returns true if the layer makes images larger.
fn is_transposed(element: &Element) -> bool {
    element.is_ours("ConvTranspose2d")
}

/// The names of a layer's settings.
fn settings(element: &Element) -> Vec<&'static str> {
    let own: &[_] = match element.type_name().to_string().as_str() {
        "MaxPool2d" | "MaxPool1d" => &[],
        "AveragePool2d" | "AveragePool1d" => &["count_padding"],
        "Conv2d" | "Conv1d" => &["groups", "bias"],
        _ => &["bias"],
    };
    let last = if is_transposed(element) { "output_padding" } else { "ignore_rest" };
    [&["stride", "padding", "dilation"], own, &[last]].concat()
}

impl<'a> Walk<'a, '_> {
    pub fn window_layer(&mut self, element: &'a Element, image: &Image) -> Option<(TokenStream, Width)> {
        let (name, is_pooling, is_signal) = (element.type_name(), is_pooling(element), element.takes_signals());
        let is_depthwise = element.is_ours("DepthwiseConv2d");
        let side = if is_signal { "length" } else { "side" };
        let (least, usage) = match (is_pooling, is_depthwise) {
            (true, _) => (1, format!("the {side} of its window, as in `{name}<2>`")),
            (_, true) => (2, format!("the channels and the {side} of its window, as in `{name}<16, 3>`")),
            _ => (3, format!("the channels in and out and the {side} of its window, as in `{name}<1, 16, 5>`")),
        };
        let count = element.arguments().len().clamp(least, if is_signal { least } else { least + 1 });
        let channels = Width::Size(image.channels.clone());
        let mut sizes = sizes_of(element, count, &usage, Some(&channels), self.mistakes)?.into_iter();
        let same = || image.channels.clone();
        let input = if is_pooling { same() } else { sizes.next()? };
        let output = if is_pooling || is_depthwise { same() } else { sizes.next()? };
        let first = sizes.next()?;
        let kernel = if is_signal { [number(1), first] } else { [first.clone(), sizes.next().unwrap_or(first)] };
        let window = self.window(element, kernel)?;
        if !is_pooling {
            self.compare_channels(element, &input, image);
        }
        let sides = if is_transposed(element) {
            self.stretch(element, &window, image)?
        } else {
            self.count(element, &window, image)?
        };
        let kind = self.window_kind(element, &window, &image.channels, &output)?;
        Some((kind, Width::Image(Image { channels: output, sides, is_signal })))
    }

    /// The type of a layer. It takes the channels of the image, also after a mistake.
    fn window_kind(
        &mut self,
        element: &Element,
        window: &Window,
        inputs: &Size,
        outputs: &Size,
    ) -> Option<TokenStream> {
        let (library, path) = (&self.context.declaration.library, &element.path);
        let (kind, flag) = (window.kind(element, library), window.flag);
        let side = window.kernel[usize::from(element.takes_signals())].argument();
        let (input, output) = (inputs.argument(), outputs.argument());
        if window.groups.literal != Some(1) {
            let depth = self.depth(element, &window.groups, [inputs, outputs])?;
            let sizes = quote!(#input, #output, #side, T, #kind, #flag);
            return Some(quote!(#path<#sizes, #depth>));
        }
        let sizes = match element.type_name().to_string().as_str() {
            _ if is_pooling(element) => quote!(#side),
            "DepthwiseConv2d" => quote!(#input, #side, T),
            _ => quote!(#input, #output, #side, T),
        };
        let [rows, columns] = window.extra.each_ref().map(Size::argument);
        let has_extra = window.extra.iter().any(|size| size.literal != Some(0));
        Some(match (window.is_plain(element), flag) {
            _ if has_extra => quote!(#path<#sizes, #kind, #flag, #rows, #columns>),
            (true, _) => quote!(#path<#sizes>),
            (false, true) => quote!(#path<#sizes, #kind>),
            (false, false) => quote!(#path<#sizes, #kind, false>),
        })
    }

    /// The number of channels in a group. Both numbers of channels must be multiples of the number of groups.
    fn depth(&mut self, element: &Element, groups: &Size, channels: [&Size; 2]) -> Option<TokenStream> {
        let (name, declaration, [inputs, outputs]) = (element.text(), self.context.declaration, channels);
        let divides = |size: &Size| size.literal.zip(groups.literal).is_none_or(|(size, groups)| size % groups == 0);
        if let Some((size, verb)) =
            [(inputs, "takes"), (outputs, "outputs")].into_iter().find(|(size, _)| !divides(size))
        {
            let (groups, count) = (&groups.tokens, text(&size.tokens));
            let message = format!("`{name}` {verb} {count} channels, which are not a multiple of {groups} groups");
            self.mistakes.add(groups, message);
            return None;
        }
        let is_own = |size: &Size| depends_on_own(declaration, &size.tokens);
        let library = &declaration.library;
        let depth = match (inputs.literal, groups.literal) {
            (Some(inputs), Some(groups)) => number(inputs / groups).tokens,
            _ if inputs.agrees_with(groups) => number(1).tokens,
            _ if is_own(inputs) || is_own(groups) => {
                let message = "stable Rust cannot compute with const parameters in a type: write the channels of groups with numbers, or a group for each channel";
                self.mistakes.add(&groups.tokens, message);
                return None;
            }
            _ => {
                let (groups, inputs) = (&groups.tokens, &inputs.tokens);
                quote!({ #library::__private::depth_of_group(#groups, #inputs) })
            }
        };
        let all = [groups, inputs, outputs];
        if all.iter().any(|size| size.literal.is_none()) && !all.into_iter().any(is_own) {
            let sizes = all.map(|size| &size.tokens);
            let message = format!("the channels of `{name}` are not multiples of its number of groups");
            let does_not_divide = quote!(!#library::__private::groups_fit(#(#sizes),*));
            self.conditions.push((does_not_divide, element.type_name().span(), message));
        }
        Some(depth)
    }

    /// Reads the settings of a window.
    fn window(&mut self, element: &Element, kernel: [Size; 2]) -> Option<Window> {
        let name = element.type_name();
        let mut window = Window::new(element, kernel);
        let Some(given) = &element.hyperparameters else { return self.checked(element, window, None) };
        let named = given.named();
        if named.len() < given.values.len() {
            let message = format!("`{}` takes its settings by name, as in `(stride = 2)`", element.text());
            self.mistakes.add_at(given.span, message);
            return None;
        }
        let (all, mut same) = (settings(element), None);
        for (place, &(setting, value)) in named.iter().enumerate() {
            if named[..place].iter().any(|(other, _)| *other == setting) {
                self.mistakes.add(setting, format!("the setting `{setting}` is written twice: remove one"));
                return None;
            }
            match setting.to_string().as_str() {
                unknown if !all.contains(&unknown) => {
                    let all: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
                    let message = format!("`{name}` has no setting `{setting}`, only {}", all.join(", "));
                    self.mistakes.add(setting, message);
                    return None;
                }
                "padding" if matches!(value, Expr::Path(path) if path.path.is_ident("same")) => same = Some(value),
                "stride" => window.stride = self.pair(element, setting, value, 1)?,
                "padding" => window.padding = self.pair(element, setting, value, 0)?,
                "dilation" => window.dilation = self.pair(element, setting, value, 1)?,
                "output_padding" => window.extra = self.pair(element, setting, value, 0)?,
                "groups" => window.groups = self.value(setting, value, 1, "")?,
                "ignore_rest" => window.ignore_rest = self.flag(setting, value)?,
                _ => window.flag = self.flag(setting, value)?,
            }
        }
        self.checked(element, window, same)
    }

    /// Checks a window, and computes the padding that keeps the size of the image if `same` is set.
    fn checked(&mut self, element: &Element, mut window: Window, same: Option<&Expr>) -> Option<Window> {
        let (name, declaration) = (element.text(), self.context.declaration);
        let all = [&window.kernel, &window.stride, &window.padding, &window.dilation, &window.extra];
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
                (is_pooling(element), window.padding[side].literal, window.kernel[side].literal)
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

    /// One value for both directions, or a pair for height and width. The height of a signal's window has no settings.
    fn pair(&mut self, element: &Element, setting: &Ident, value: &Expr, least: usize) -> Option<[Size; 2]> {
        match value {
            value if element.takes_signals() => Some([number(least), self.value(setting, value, least, "")?]),
            Expr::Tuple(pair) if pair.elems.len() == 2 => {
                let mut value = |place: usize| self.value(setting, &pair.elems[place], least, PAIR);
                Some([value(0)?, value(1)?])
            }
            value => {
                let size = self.value(setting, value, least, PAIR)?;
                Some([size.clone(), size])
            }
        }
    }

    fn value(&mut self, setting: &Ident, value: &Expr, least: usize, or_pair: &str) -> Option<Size> {
        let message = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) => match literal.base10_parse::<usize>() {
                Ok(number) if number >= least => {
                    return Some(Size { literal: Some(number), ..Size::of(value.to_token_stream()) });
                }
                _ => format!("`{setting}` must be at least {least}, not `{literal}`"),
            },
            Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_) | Expr::Array(_) => {
                let or_same = match (setting == "padding", or_pair) {
                    (false, _) => "",
                    (true, "") => " or `same`",
                    (true, _) => ", `same`",
                };
                format!("`{setting}` is a whole number{or_same}{or_pair}, not `{}`", text(value))
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
        let [noun, pixel] = if element.takes_signals() { ["signal", "value"] } else { ["image", "pixel"] };
        let (mut sides, mut is_reported) = (Vec::new(), false);
        for side in 0..2 {
            let all = [&image.sides, &window.kernel, &window.stride, &window.padding, &window.dilation];
            let word = if noun == "signal" { "long" } else { ["high", "wide"][side] };
            let literals = all.map(|pair| pair[side].literal);
            let [Some(pixels), Some(k), Some(s), Some(p), Some(d)] = literals else {
                let message = format!("the window of `{name}` is larger than its {noun}, or a size is 0 or too large");
                let sizes = all.map(|pair| pair[side].tokens.clone());
                sides.push(self.unevaluated_side(element, ["window_fits", "windows"], &sizes, message));
                continue;
            };
            let (padded, covers) = (pixels + 2 * p, d * (k - 1) + 1);
            if covers > padded {
                let border = if p == 0 { String::new() } else { format!(" with its padding of {p}") };
                let message =
                    format!("the window of `{name}` is {covers} {pixel}s {word}, but its {noun} only {padded}{border}");
                self.mistakes.add(element, message);
                return None;
            }
            let rest = ((padded - covers) % s).saturating_sub(p);
            let skipped = if d == 1 { s.saturating_sub(k) } else { 0 };
            if !window.ignore_rest && !is_reported && (rest > 0 || skipped > 0 && padded > covers) {
                is_reported = true;
                let what = if skipped > 0 {
                    let plural = if skipped == 1 { "" } else { "s" };
                    format!("its stride of {s} jumps over {skipped} {pixel}{plural} between windows")
                } else {
                    let last = match (noun, rest) {
                        ("signal", 1) => "the last value",
                        ("signal", _) => "the last values",
                        (_, 1) => "the last row or column",
                        _ => "the last rows or columns",
                    };
                    format!("{last} of its {noun}, {pixels} {pixel}s {word}, would never be read")
                };
                let message =
                    format!("`{name}`: {what}: change stride or padding, or allow it with `(ignore_rest = true)`");
                self.mistakes.add(element, message);
            }
            sides.push(self.side(element, (padded - covers) / s + 1, word)?);
        }
        sides.try_into().ok()
    }

    /// The sides of the output of a transposed convolution.
    fn stretch(&mut self, element: &Element, window: &Window, image: &Image) -> Option<[Size; 2]> {
        let (name, mut sides) = (element.text(), Vec::new());
        for side in 0..2 {
            let all = [&image.sides, &window.kernel, &window.stride, &window.padding, &window.dilation, &window.extra];
            let literals = all.map(|pair| pair[side].literal);
            let [Some(pixels), Some(k), Some(s), Some(p), Some(d), Some(extra)] = literals else {
                let message = format!(
                    "the settings of `{name}` leave no pixels, its output padding is not less than its stride, or a size is 0 or too large"
                );
                let sizes = all.map(|pair| pair[side].tokens.clone());
                sides.push(self.unevaluated_side(element, ["stretch_fits", "stretched"], &sizes, message));
                continue;
            };
            if extra >= s {
                let message = format!("`output_padding` must be less than the stride of {s}, not `{extra}`");
                self.mistakes.add(&window.extra[side].tokens, message);
                return None;
            }
            let (all, word) = ((pixels - 1) * s + d * (k - 1) + 1 + extra, ["high", "wide"][side]);
            if all <= 2 * p {
                let message = format!(
                    "`{name}` outputs no pixels: its padding of {p} removes all of an image {all} pixels {word}"
                );
                self.mistakes.add(element, message);
                return None;
            }
            sides.push(self.side(element, all - 2 * p, word)?);
        }
        sides.try_into().ok()
    }

    /// A side of the output, if it is not too large.
    fn side(&mut self, element: &Element, pixels: usize, word: &str) -> Option<Size> {
        if pixels > MOST {
            let (name, noun) = (element.text(), if word == "long" { "a signal" } else { "an image" });
            let pixel = if word == "long" { "values" } else { "pixels" };
            self.mistakes
                .add(element, format!("`{name}` outputs {noun} {pixels} {pixel} {word}, but {MOST} is the limit"));
            return None;
        }
        Some(Size::number(pixels, element.type_name().span()))
    }

    /// A side of the output that only the compiler can compute, by two functions of the same sizes.
    fn unevaluated_side(
        &mut self,
        element: &Element,
        functions: [&str; 2],
        sizes: &[TokenStream],
        message: String,
    ) -> Size {
        let (library, span) = (&self.context.declaration.library, element.type_name().span());
        let [fits, side] = functions.map(|name| Ident::new(name, Span::call_site()));
        let does_not_fit = quote!(!#library::__private::#fits(#(#sizes),*));
        match self.conditions.last_mut() {
            Some((other, _, same)) if *same == message => *other = quote!(#other || #does_not_fit),
            _ => self.conditions.push((does_not_fit, span, message)),
        }
        Size { hidden: true, ..Size::of(quote!(#library::__private::#side(#(#sizes),*))) }
    }
}

/// The end of a list of allowed values.
const PAIR: &str = " or a pair `(height, width)`";

/// A layer's number of parameters and of multiply-adds per sample, if all sizes are literals.
pub fn counts(layer: &Layer) -> Option<[usize; 2]> {
    let element = layer.element;
    let is_depthwise = element.is_ours("DepthwiseConv2d");
    if is_pooling(element) || !element.type_name().to_string().contains("Conv") {
        return Some([0, 0]);
    }
    let (Width::Image(input), Width::Image(output)) = (&layer.input, &layer.output) else { return None };
    let sizes = element.arguments();
    let side = |place: usize| sizes.get(place).and_then(|size| Size::new(size).ok()).and_then(|size| size.literal);
    let first = if is_depthwise { 1 } else { 2 };
    let width = if element.takes_signals() { Some(1) } else { side(first + 1).or_else(|| side(first)) };
    let taps = side(first)?.checked_mul(width?)?;
    let [inputs, outputs] = [input.channels.literal?, output.channels.literal?];
    let groups = match setting(element, "groups") {
        Some(Expr::Lit(ExprLit { lit: Lit::Int(groups), .. })) => groups.base10_parse::<usize>().ok()?,
        Some(_) => return None,
        None if is_depthwise => inputs,
        None => 1,
    };
    let inputs = inputs.checked_div(groups)?;
    let weights = inputs.checked_mul(outputs)?.checked_mul(taps)?;
    let has_bias = setting(element, "bias").is_none_or(|value| text(value) == "true");
    let [height, width] = if is_transposed(element) { &input.sides } else { &output.sides };
    let pixels = height.literal?.checked_mul(width.literal?)?;
    Some([weights + if has_bias { outputs } else { 0 }, weights.checked_mul(pixels)?])
}

/// The value of a setting.
fn setting<'e>(element: &'e Element, name: &str) -> Option<&'e Expr> {
    let named = element.hyperparameters.as_ref()?.named();
    named.into_iter().find_map(|(setting, value)| (setting == name).then_some(value))
}

fn number(value: usize) -> Size {
    Size::number(value, Span::call_site())
}
