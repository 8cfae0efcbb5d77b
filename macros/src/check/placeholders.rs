//! Placeholders for layers with mistakes, so that the rest of the chain compiles.

use proc_macro2::Span;
use quote::quote;
use syn::Ident;

use super::chain::Walk;
use super::{Initial, Size, Source, Width};
use crate::parse::Element;

impl<'a> Walk<'a, '_> {
    /// Returns true for a block of this `network!` that takes another input.
    pub fn is_misfit(&self, element: &Element) -> bool {
        let declaration = self.context.declaration;
        let differ = |one: &Size, other: &Size| {
            !one.agrees_with(other) && one.is_known(declaration) && other.is_known(declaration)
        };
        match (&self.width, self.context.blocks.takes(element)) {
            _ if self.is_unsure => false,
            (Some(Width::Size(size)), Some(Width::Size(takes))) => differ(size, &takes),
            (Some(Width::Image(image)), Some(Width::Image(takes))) => {
                image.sizes().into_iter().zip(takes.sizes()).any(|(size, takes)| differ(size, takes))
            }
            (Some(Width::Image(_)), Some(Width::Size(_))) | (Some(Width::Size(_)), Some(Width::Image(_))) => true,
            _ => false,
        }
    }

    /// Reports a block that takes another input.
    pub fn misfit(&mut self, element: &'a Element, field: Ident) {
        let blocks = self.context.blocks;
        let text = |width: Option<Width>| match width {
            Some(width @ Width::Size(_)) => format!("{} features", width.text().unwrap_or_default()),
            width => width.and_then(|width| width.text()).unwrap_or_default(),
        };
        let (name, takes, width) = (element.text(), text(blocks.takes(element)), self.width.clone());
        let outputs = match &width {
            Some(Width::Size(size)) if matches!(blocks.takes(element), Some(Width::Size(_))) => size.tokens.to_string(),
            width => text(width.clone()),
        };
        let clause = self.source.as_ref().map_or("the layer before it outputs", |source| source.clause.as_str());
        self.mistakes.add(element.type_name(), format!("`{name}` takes {takes}, but {clause} {outputs}"));
        self.lose(element, field);
    }

    /// Adds a placeholder for a block with mistakes of its own.
    pub fn broken_block(&mut self, element: &'a Element, field: Ident) {
        self.width = self.width.take().or_else(|| self.context.blocks.takes(element));
        self.lose(element, field);
    }

    /// Adds a placeholder for a layer whose output is unknown after a mistake.
    pub fn lose(&mut self, element: &'a Element, field: Ident) {
        let library = &self.context.declaration.library;
        let kind = quote!(#library::__private::fallback::FallbackForAny);
        let input = self.width.clone().unwrap_or_else(|| Width::Size(Size::number(1, Span::call_site())));
        let output = Width::OutputOf(self.layers.len());
        self.push((element, field), kind, (input, output), Vec::new(), Vec::new());
        self.layers.last_mut().expect("it was pushed").initial = Initial::Unknown;
        self.source = Some(Source::before(element));
        self.is_unsure = true;
    }
}
