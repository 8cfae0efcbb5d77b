//! Checks the chains in the brackets of `Residual`, `Sum` and `Concat`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::chain::{self, Walk};
use super::size::depends_on_own;
use super::{Agreement, Context, Image, Network, Size, Source, Width};
use crate::known;
use crate::parse::{Chain, Element, text, usage};

/// The most branches in brackets.
const MOST: usize = 8;

impl<'a> Walk<'a, '_> {
    /// Checks a layer with chains in brackets. After a mistake that leaves its type unknown, the layer is left out.
    pub fn brackets(&mut self, element: &'a Element, field: Ident) {
        let is_residual = element.is_ours("Residual");
        if self.is_unsure {
            return; // the width is unknown after a mistake
        }
        if self.joined(element, field).is_none() {
            self.is_unsure = !is_residual;
        } else if !is_residual || self.source.is_none() {
            self.source = Some(Source::before(element));
        }
    }

    fn joined(&mut self, element: &'a Element, field: Ident) -> Option<()> {
        let chains = self.chains(element)?;
        let (input, source) = self.start(element)?;
        let mut inside = Vec::new();
        for (index, chain) in chains.iter().enumerate() {
            let branch = if element.is_ours("Residual") { String::new() } else { format!("Branch{index}") };
            let field = known::pascal_case(&field.unraw().to_string());
            let name = format_ident!("{}{field}{branch}", self.name.unraw(), span = element.type_name().span());
            inside.push(self.inside(name, chain, input.clone(), source.clone()));
        }
        let inside: Vec<Network> = inside.into_iter().collect::<Option<_>>()?;
        let types = inside.iter().map(|network| self.type_of(network));
        let path = &element.path;
        let (kind, output, agreements) = match element.type_name().to_string().as_str() {
            "Residual" => (quote!(#path<#(#types)*>), input.clone(), self.compare_ends(&input, &inside[0])?),
            "Sum" => {
                let kind = quote!(#path<(#(#types),*)>);
                let output = match &inside[0].output {
                    width @ (Width::Size(_) | Width::Image(_)) => width.clone(),
                    _ => Width::OutputOf(self.layers.len()),
                };
                (kind, output, self.compare_branches(&inside)?)
            }
            _ => {
                let types: Vec<TokenStream> = types.collect();
                let output = self.total(element, &inside)?;
                let shape = self.dimension(&output);
                (quote!(#path<(#(#types),*), #shape>), output, Vec::new())
            }
        };
        self.push((element, field), kind, (input, output), inside, agreements);
        Some(())
    }

    /// The chains of an element, if it has the right number of them.
    fn chains(&mut self, element: &'a Element) -> Option<&'a [Chain]> {
        let (name, example) = (element.type_name(), usage(&text(&element.path)));
        let Some(brackets) = &element.brackets else {
            let own = element.text();
            let message =
                format!("`{name}` takes layers in brackets: write `{example}`, or `self::{own}` for your own type");
            self.mistakes.add(element, message);
            return None;
        };
        if let Some(sizes) = &element.arguments {
            self.mistakes.add(sizes, format!("`{name}` has the sizes of the layers in its brackets: remove these"));
        }
        let chains = brackets.chains.as_slice();
        match (element.is_ours("Residual"), chains) {
            (true, [_, second, ..]) => {
                let message = "`Residual` takes one chain: write `Sum[..]` to add several branches";
                self.mistakes.add_at(second.end, message);
                return None;
            }
            (false, [one]) if !one.elements.is_empty() => {
                if one.broken {
                    return None; // reported already
                }
                let message = format!("`{name}` takes 2 or more branches, separated by `|`, as in `{example}`");
                self.mistakes.add_at(brackets.span, message);
                return None;
            }
            _ => {}
        }
        let (mut empty, mut is_empty) = (chains.iter().filter(|chain| chain.elements.is_empty()), false);
        if let Some(chain) = empty.next().filter(|chain| !chain.broken) {
            let message = match chains {
                [_] => format!("`{name}` has no layers: write them in the brackets, as in `{example}`"),
                _ => "this branch is empty: write its layers, or `Identity` for the input itself".to_owned(),
            };
            self.mistakes.add_at(chain.end, message);
            is_empty = true;
        }
        if let Some(ninth) = chains.get(MOST) {
            let message = format!("`{name}` takes at most {MOST} branches: put some of them into another `{name}[..]`");
            self.mistakes.add(ninth.elements.first(), message);
        }
        (!is_empty).then(|| &chains[..chains.len().min(MOST)])
    }

    /// The input width of the chains, and the element that specified it.
    fn start(&mut self, element: &'a Element) -> Option<(Width, Option<Source>)> {
        self.settle();
        if let Some(width) = &self.width {
            return Some((width.clone(), self.source.clone()));
        }
        let Some(size) = element.chains().first().and_then(|chain| self.context.blocks.input(chain)) else {
            let name = element.text();
            let message = format!("the input width of `{name}` is unknown: begin with `Input<...> -> {name}`");
            self.mistakes.add(element, message);
            return None;
        };
        let first = "the first branch".to_owned();
        let source = Source { clause: format!("{first} takes"), subject: first };
        Some((size, (!element.is_ours("Residual")).then_some(source)))
    }

    /// Checks one chain.
    fn inside(&mut self, name: Ident, chain: &'a Chain, input: Width, source: Option<Source>) -> Option<Network<'a>> {
        let (losses, layers): (Vec<_>, Vec<_>) = chain.elements.iter().partition(|element| element.is_library_loss());
        for loss in losses {
            let message = format!("a loss cannot stand in brackets: remove `{}`", loss.type_name());
            self.mistakes.add(loss, message);
        }
        let shared = |attribute: &&syn::Attribute| {
            ["derive", "allow", "expect", "warn", "deny", "forbid"].iter().any(|name| attribute.path().is_ident(name))
                || attribute.path().segments.len() > 1
        };
        let attributes: Vec<_> = self.context.attributes.iter().filter(shared).cloned().collect();
        let context = Context { attributes: &attributes, ..self.context };
        chain::check(context, name, Some(input), source, layers, self.mistakes)
    }

    /// The type of the block that a chain becomes.
    fn type_of(&self, network: &Network) -> TokenStream {
        let (name, sizes) = (&network.name, self.context.declaration.sizes.iter().map(|size| &size.ident));
        quote!(#name<#(#sizes,)* T>)
    }

    /// Compares the two ends of a residual's chain.
    fn compare_ends(&mut self, input: &Width, inside: &Network) -> Option<Vec<Agreement>> {
        let words = ["`Residual` outputs ", " features, but takes ", ", and both are added"];
        self.compare_sizes(&inside.output, input, words)
    }

    /// Compares the output of each branch with that of the first.
    fn compare_branches(&mut self, inside: &[Network]) -> Option<Vec<Agreement>> {
        let words = ["this branch outputs ", " features, but the first branch outputs ", ", and both are added"];
        let agreements = inside[1..].iter().map(|one| self.compare_sizes(&one.output, &inside[0].output, words));
        let agreements: Vec<_> = agreements.collect(); // so that every mistake is reported
        Some(agreements.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Compares two widths, or leaves that to the compiler. Returns `None` after a mistake.
    fn compare_sizes(&mut self, declared: &Width, actual: &Width, words: [&str; 3]) -> Option<Vec<Agreement>> {
        let declaration = self.context.declaration;
        let (declared, other) = match (declared, actual) {
            (Width::Size(declared), Width::Size(other)) => (declared, other),
            (Width::Image(declared), Width::Image(other)) => return self.compare_images(declared, other, words),
            (Width::Image(image), Width::Size(size)) | (Width::Size(size), Width::Image(image)) => {
                let shape = image.text().unwrap_or_else(|| "an image".to_owned());
                let message = format!("an image of {shape} and {} features cannot be added", text(&size.tokens));
                self.mistakes.add(&image.channels.tokens, message);
                return None;
            }
            _ => return Some(Vec::new()),
        };
        if declared.agrees_with(other) {
            return Some(Vec::new());
        }
        if declared.is_known(declaration) && other.is_known(declaration) {
            let [before, between, after] = words;
            let (found, expected) = (text(&declared.tokens), text(&other.tokens));
            self.mistakes.add(&declared.tokens, format!("{before}{found}{between}{expected}{after}"));
            return None;
        }
        if [declared, other].iter().any(|size| depends_on_own(declaration, &size.tokens)) {
            return Some(Vec::new());
        }
        let words = words.map(str::to_owned);
        Some(vec![Agreement { declared: declared.clone(), actual: actual.clone(), words }])
    }

    /// Compares two images, or leaves that to the compiler. Returns `None` after a mistake.
    fn compare_images(&mut self, declared: &Image, other: &Image, words: [&str; 3]) -> Option<Vec<Agreement>> {
        let declaration = self.context.declaration;
        let pairs: Vec<_> = declared.sizes().into_iter().zip(other.sizes()).collect();
        let differ = |(one, other): &(&Size, &Size)| {
            !one.agrees_with(other) && one.is_known(declaration) && other.is_known(declaration)
        };
        if pairs.iter().any(differ) {
            let [found, expected] =
                [declared, other].map(|image| image.text().unwrap_or_else(|| "an image".to_owned()));
            let [before, _, after] = words;
            let between = words[1].replace(" features", "");
            self.mistakes.add(&declared.channels.tokens, format!("{before}{found}{between}{expected}{after}"));
            return None;
        }
        let unknown = pairs.into_iter().filter(|(one, other)| {
            !one.agrees_with(other) && ![one, other].iter().any(|size| depends_on_own(declaration, &size.tokens))
        });
        let agreements = unknown.map(|(one, other)| Agreement {
            declared: one.clone(),
            actual: Width::Size(other.clone()),
            words: words.map(str::to_owned),
        });
        Some(agreements.collect())
    }

    /// The output of a `Concat`: images of one height and width, or features.
    fn total(&mut self, element: &Element, inside: &[Network]) -> Option<Width> {
        let Width::Image(first) = &inside[0].output else {
            return self.total_features(element, inside).map(Width::Size);
        };
        let mut channels = Vec::new();
        for network in inside {
            let Width::Image(image) = &network.output else {
                let shape = first.text().unwrap_or_else(|| "an image".to_owned());
                let message = format!("the first branch of `Concat` outputs {shape}, but another one no image");
                self.mistakes.add(element, message);
                return None;
            };
            let agree = image.sides.iter().zip(&first.sides).all(|(one, other)| one.agrees_with(other));
            if !agree {
                let [found, expected] = [image, first].map(|image| image.text().unwrap_or_default());
                let message = format!(
                    "this branch outputs {found}, but the first branch outputs {expected}: `Concat` joins images of one height and width"
                );
                self.mistakes.add(&image.channels.tokens, message);
                return None;
            }
            if depends_on_own(self.context.declaration, &image.channels.tokens) {
                let outputs = text(&image.channels.tokens);
                let message =
                    "stable Rust cannot add const parameters in a type: write the branches of `Concat` with numbers";
                self.mistakes
                    .add(&image.channels.tokens, format!("this branch outputs `{outputs}` channels, but {message}"));
                return None;
            }
            channels.push(&image.channels);
        }
        let channels = Size::sum(&channels, element.type_name().span());
        Some(Width::Image(Image { channels, ..first.clone() }))
    }

    /// The output width of a `Concat` of features, which must not depend on const parameters.
    fn total_features(&mut self, element: &Element, inside: &[Network]) -> Option<Size> {
        let (mut sizes, declaration): (Vec<&Size>, _) = (Vec::new(), self.context.declaration);
        for network in inside {
            let message =
                "stable Rust cannot add const parameters in a type: write the branches of `Concat` with numbers";
            match &network.output {
                Width::Size(size) if depends_on_own(declaration, &size.tokens) => {
                    let outputs = text(&size.tokens);
                    self.mistakes.add(&size.tokens, format!("this branch outputs `{outputs}` features, but {message}"));
                    return None;
                }
                Width::Size(size) => sizes.push(size),
                _ => {
                    let what = "the output of a branch depends on const parameters, but";
                    self.mistakes.add(element, format!("{what} {message}"));
                    return None;
                }
            }
        }
        Some(Size::sum(&sizes, element.type_name().span()))
    }
}
