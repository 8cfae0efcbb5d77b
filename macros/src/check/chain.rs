//! The walk along the chain, from one layer's output to the next one's input.

use quote::{ToTokens, quote};
use syn::Ident;

use super::size::depends_on_own;
use super::{Agreement, Layer, Origin, Size, Unseen, Width};
use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, text};

/// What the walk has found.
pub struct Walk<'a, 'm> {
    declaration: &'a Declaration,
    mistakes: &'m mut Mistakes,
    /// The last element that said a width, and the width; `None` before the first.
    giver: Option<&'a Element>,
    given: Option<Width>,
    pub layers: Vec<Layer<'a>>,
    pub agreements: Vec<Agreement>,
    pub unseen: Vec<Unseen>,
}

/// Gives every layer its widths.
pub fn walk<'a, 'm>(
    declaration: &'a Declaration,
    input: Option<Width>,
    elements: &[&'a Element],
    names: Vec<Ident>,
    mistakes: &'m mut Mistakes,
) -> Walk<'a, 'm> {
    let giver = input.as_ref().map(|_| &declaration.chain[0]);
    let (layers, agreements, unseen) = (Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { declaration, mistakes, giver, given: input, layers, agreements, unseen };
    for (place, (element, name)) in elements.iter().zip(names).enumerate() {
        walk.layer(element, name, &elements[place + 1..]);
    }
    walk
}

impl<'a> Walk<'a, '_> {
    fn layer(&mut self, element: &'a Element, field: Ident, rest: &[&'a Element]) {
        let origin = match element {
            _ if element.is_ours("Input") => return,
            _ if element.is_ours("Affine") => Origin::Affine,
            _ if element.is_elementwise() => Origin::Elementwise,
            _ => Origin::User,
        };
        let giver = self.giver.map_or_else(String::new, Element::text);
        let widths = match origin {
            Origin::Affine => self.affine(element, rest),
            Origin::Elementwise => self.given.clone().map(|given| (given.clone(), given)),
            Origin::User => self.user(element),
        };
        let Some((input, output)) = widths else { return };
        let kind = match (origin, &input, &output) {
            (Origin::Affine, Width::Size(input), Width::Size(output)) => {
                let (path, input, output) = (&element.path, input.argument(), output.argument());
                quote!(#path<#input, #output, T>)
            }
            // What it may not have is a mistake already, and should not be another one.
            (Origin::Elementwise, ..) => element.path.to_token_stream(),
            _ => element.to_token_stream(),
        };
        self.given = Some(output.clone());
        self.layers.push(Layer { element, field, kind, input, output, origin, giver });
    }

    fn affine(&mut self, element: &'a Element, rest: &[&'a Element]) -> Option<(Width, Width)> {
        let usage = "`Affine<784, 50>`: the features it takes, then those it gives";
        let (taken, gives) = match sizes_of(element, 2, usage, self.mistakes) {
            Some(sizes) => <[Size; 2]>::try_from(sizes).expect("two were asked for").into(),
            None => self.guess(element, rest)?,
        };
        self.check_range(element, &taken, &gives);
        let input = self.compare(element, &taken);
        self.giver = Some(element);
        Some((input, Width::Size(gives)))
    }

    /// The sizes that an `Affine` with mistakes was meant to have, as far as they can be told.
    fn guess(&self, element: &Element, rest: &[&Element]) -> Option<(Size, Size)> {
        let nth = |element: &Element, place: usize| Size::new(element.arguments().get(place)?).ok();
        let taken = nth(element, 0).or_else(|| match &self.given {
            Some(Width::Size(size)) => Some(size.clone()),
            _ => None,
        });
        let next = rest.iter().find(|next| next.is_ours("Affine"));
        let gives = nth(element, 1).or_else(|| nth(next?, 0)).or_else(|| taken.clone());
        Some((taken?, gives?))
    }

    /// The parameters have to fit into memory.
    fn check_range(&mut self, element: &Element, taken: &Size, gives: &Size) {
        match (taken.literal, gives.literal) {
            (Some(input), Some(output)) => {
                let bytes = (input as u128 + 1).saturating_mul(output as u128).saturating_mul(8);
                if bytes > isize::MAX as u128 {
                    let message = format!("`{}` would have more parameters than memory can hold", element.text());
                    self.mistakes.add(element, message);
                }
            }
            _ if self.declaration.sizes.is_empty() => {
                self.unseen.push(Unseen { input: taken.clone(), output: gives.clone(), layer: element.text() });
            }
            _ => {}
        }
    }

    /// The width that an `Affine` really gets, which it has to have said.
    fn compare(&mut self, taker: &'a Element, taken: &Size) -> Width {
        let (Some(given), Some(giver)) = (self.given.take(), self.giver) else { return Width::Size(taken.clone()) };
        let giver = format!("`{}` before it", giver.text());
        match &given {
            Width::Size(size) if size.agrees_with(taken) => {}
            Width::Size(size) if size.is_known(self.declaration) && taken.is_known(self.declaration) => {
                let (taker, takes, gives) = (taker.text(), text(&taken.tokens), text(&size.tokens));
                self.mistakes
                    .add(&taken.tokens, format!("`{taker}` takes {takes} features, but {giver} gives {gives}"));
            }
            // A width that depends on sizes of the network's own has no value yet; its type has to do.
            Width::Of(place) if self.depends(*place) || depends_on_own(self.declaration, &taken.tokens) => {}
            _ => {
                let (taken, taker) = (taken.clone(), taker.text());
                self.agreements.push(Agreement { taken, taker, given: given.clone(), giver });
            }
        }
        // Of a user's layer only the type knows its width, and an `Affine` needs a number.
        if matches!(given, Width::Of(_)) { Width::Size(taken.clone()) } else { given }
    }

    /// Whether the type of the layer at that place, or its input, depends on sizes of the network's own.
    fn depends(&self, place: usize) -> bool {
        let layer = &self.layers[place];
        depends_on_own(self.declaration, &layer.kind)
            || match &layer.input {
                Width::Size(size) => depends_on_own(self.declaration, &size.tokens),
                Width::Of(place) => self.depends(*place),
            }
    }

    fn user(&mut self, element: &'a Element) -> Option<(Width, Width)> {
        // At the beginning it is a mistake, which waits for the compiler to know the name. Most say first what they take.
        let first = || element.arguments().first().and_then(|size| Size::new(size).ok());
        let says = || first().filter(|size| size.literal.is_some()).map(Width::Size);
        let input = self.given.clone().or_else(says)?;
        self.giver = Some(element);
        Some((input, Width::Of(self.layers.len())))
    }
}

/// The sizes in an element's `<...>`, if there are as many as it takes and each can be one.
pub fn sizes_of(element: &Element, count: usize, usage: &str, mistakes: &mut Mistakes) -> Option<Vec<Size>> {
    let name = element.type_name();
    if let Some(values) = &element.hyperparameters {
        let message = format!("`{name}` takes its sizes in `<...>`, and nothing in `(...)`; write {usage}");
        mistakes.add_at(values.span, message);
        return None;
    }
    let found = element.arguments().len();
    if found != count {
        let sizes = if count == 1 { "1 size".to_owned() } else { format!("{count} sizes") };
        mistakes.add(element, format!("`{name}` takes {sizes}, but has {found}; write {usage}"));
        return None;
    }
    // All of them are looked at, so that each mistake is found.
    let (sizes, errors): (Vec<_>, Vec<_>) = element.arguments().into_iter().map(Size::new).partition(Result::is_ok);
    errors.into_iter().filter_map(Result::err).for_each(|error| mistakes.add_error(error));
    let sizes: Vec<Size> = sizes.into_iter().flatten().collect();
    (sizes.len() == count).then_some(sizes)
}
