//! The blocks of one `network!`, which may contain each other.

use std::cell::RefCell;
use std::collections::HashMap;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, GenericArgument, Ident};

use super::{Image, Network, Size, Width};
use crate::mistakes::Mistakes;
use crate::parse::{Chain, Declaration, Element, Kind};

/// The blocks that are declared in one `network!`.
pub struct Blocks<'a> {
    declared: HashMap<&'a Ident, &'a Declaration>,
    /// The blocks in which an element is left out, because it would contain them.
    endless: Vec<&'a Ident>,
    /// The blocks that have mistakes.
    broken: Vec<&'a Ident>,
    /// The input and the output of the blocks that were needed so far.
    ends: RefCell<HashMap<String, Option<[Width; 2]>>>,
}

impl<'a> Blocks<'a> {
    /// Collects the blocks, and reports those that contain themselves.
    pub fn new(declarations: &'a [Declaration], mistakes: &mut Mistakes) -> Self {
        let blocks = declarations.iter().filter(|declaration| declaration.kind == Kind::Block);
        let mut blocks = Self {
            declared: blocks.map(|block| (&block.name, block)).collect(),
            endless: Vec::new(),
            broken: Vec::new(),
            ends: RefCell::default(),
        };
        for block in declarations.iter().filter(|declaration| declaration.kind == Kind::Block) {
            if let Some(element) = block.chain.all().into_iter().find(|element| blocks.leads_to(element, block)) {
                let (name, inner) = (&block.name, element.type_name());
                let way = if inner == name { String::new() } else { format!(" through `{inner}`") };
                mistakes.add(inner, format!("the block `{name}` contains itself{way}: remove this layer"));
                blocks.endless.push(name);
            }
        }
        blocks
    }

    /// Returns true if the element is a block of this `network!`, whose scalar the macro adds.
    pub fn contains(&self, element: &Element) -> bool {
        element.path.get_ident().is_some_and(|name| self.declared.contains_key(name))
    }

    /// The output of a block of this `network!`, if its declaration tells.
    pub fn output(&self, element: &Element) -> Option<Width> {
        self.end(element, 1)
    }

    /// The input of a block of this `network!`, if its declaration tells.
    pub fn takes(&self, element: &Element) -> Option<Width> {
        self.end(element, 0)
    }

    /// The input that the first layer of a chain declares.
    pub fn input(&self, chain: &Chain) -> Option<Width> {
        let first = chain.elements.first()?;
        if let Some(chain) = first.chains().first() {
            return self.input(chain);
        }
        if first.is_affine() || first.is_per_feature() {
            return Size::new(first.arguments().first()?).ok().map(Width::Size);
        }
        self.takes(first)
    }

    /// One of the two ends of a block, with the arguments of its use.
    fn end(&self, element: &Element, end: usize) -> Option<Width> {
        let block = *self.declared.get(element.path.get_ident()?)?;
        if self.endless.contains(&&block.name) {
            return None;
        }
        let name = block.name.to_string();
        let known = self.ends.borrow().get(&name).cloned();
        let ends = known.unwrap_or_else(|| {
            let mut mistakes = Mistakes::default();
            let network = super::check(block, self, &mut mistakes);
            mistakes.finish();
            let ends = network.map(|network| [network.input, network.output]);
            self.ends.borrow_mut().insert(name, ends.clone());
            ends
        });
        let size = |size: &Size| with_arguments(size, block, element);
        match &ends?[end] {
            Width::Size(width) => size(width).map(Width::Size),
            Width::Image(Image { channels, sides: [height, width], is_signal }) => {
                let (channels, sides) = (size(channels)?, [size(height)?, size(width)?]);
                Some(Width::Image(Image { channels, sides, is_signal: *is_signal }))
            }
            _ => None,
        }
    }

    /// Calls `describe` with the checked block that an element names, whose sizes have the values of the element.
    ///
    /// Returns `None` for other layers, and for a block with mistakes or with a size that only the compiler knows.
    pub fn describe<R>(&self, element: &Element, describe: impl FnOnce(&Network) -> R) -> Option<R> {
        let block = self.declared.get(element.path.get_ident()?)?;
        if self.endless.contains(&&block.name) {
            return None;
        }
        let values = values(block, element).filter(|values| values.values().all(|value| value.to_string() != "_"))?;
        let mut block = Declaration::clone(block);
        block.sizes.clear();
        fill_in(&mut block.chain, &values);
        let mut mistakes = Mistakes::default();
        let checked = super::check(&block, self, &mut mistakes);
        let has_mistakes = mistakes.finish().is_some();
        checked.filter(|_| !has_mistakes).map(|block| describe(&block))
    }

    /// Notes the blocks that have mistakes, so that their users do not report them again.
    pub fn note_broken(&mut self, declarations: &'a [Declaration]) {
        for block in declarations.iter().filter(|declaration| declaration.kind == Kind::Block) {
            let mut mistakes = Mistakes::default();
            super::check(block, self, &mut mistakes);
            if mistakes.finish().is_some() || block.chain.broken {
                self.broken.push(&block.name);
            }
        }
    }

    /// Returns true if the element is a block that has mistakes.
    pub fn is_broken(&self, element: &Element) -> bool {
        element.path.get_ident().is_some_and(|name| self.broken.contains(&name))
    }

    /// Returns true if the element would make its block endless; that is reported already.
    pub fn is_endless(&self, declaration: &Declaration, element: &Element) -> bool {
        self.endless.contains(&&declaration.name) && self.leads_to(element, declaration)
    }

    /// Returns true if the element is the block, or a block that contains it.
    fn leads_to(&self, element: &Element, block: &Declaration) -> bool {
        let mut open: Vec<&Ident> = element.path.get_ident().into_iter().collect();
        let mut seen: Vec<&Ident> = Vec::new();
        while let Some(name) = open.pop() {
            if *name == block.name {
                return true;
            }
            if let Some(inner) =
                self.declared.get(name).filter(|_| !seen.contains(&name) && !self.endless.contains(&name))
            {
                seen.push(name);
                open.extend(inner.chain.all().into_iter().filter_map(|element| element.path.get_ident()));
            }
        }
        false
    }
}

/// A size of a block, with the arguments of its use in place of the block's const parameters.
fn with_arguments(size: &Size, block: &Declaration, element: &Element) -> Option<Size> {
    if size.literal.is_some() || size.hidden {
        return Some(size.clone());
    }
    let values = values(block, element)?;
    let tokens = replaced(&size.tokens, &values);
    let argument = syn::parse2::<Expr>(tokens).map(|expression| match expression {
        literal @ Expr::Lit(_) => GenericArgument::Const(literal),
        expression => GenericArgument::Const(syn::parse_quote!({ #expression })),
    });
    Size::new(&argument.ok()?).ok()
}

/// The values of a block's const parameters in an element.
fn values<'a>(block: &'a Declaration, element: &Element) -> Option<HashMap<&'a Ident, TokenStream>> {
    let given = element.arguments();
    let values = block.sizes.iter().enumerate().map(|(place, size)| {
        let default = || size.default.as_ref().map(|(_, value)| value.to_token_stream());
        let value = given.get(place).map(ToTokens::to_token_stream).or_else(default)?;
        Some((&size.ident, value))
    });
    values.collect()
}

/// Replaces names in the sizes and hyperparameters of a chain by values.
fn fill_in(chain: &mut Chain, values: &HashMap<&Ident, TokenStream>) {
    for element in &mut chain.elements {
        for argument in element.arguments.iter_mut().flat_map(|arguments| &mut arguments.args) {
            let tokens = argument.to_token_stream();
            let value = values.iter().find(|(name, _)| tokens.to_string() == name.to_string());
            let tokens = value.map_or_else(|| replaced(&tokens, values), |(_, value)| value.clone());
            *argument = syn::parse2(tokens).unwrap_or_else(|_| argument.clone());
        }
        for value in element.hyperparameters.iter_mut().flat_map(|given| &mut given.values) {
            *value = syn::parse2(replaced(&value.to_token_stream(), values)).unwrap_or_else(|_| value.clone());
        }
        for chain in element.brackets.iter_mut().flat_map(|brackets| &mut brackets.chains) {
            fill_in(chain, values);
        }
    }
}

/// Replaces names by values.
fn replaced(tokens: &TokenStream, values: &HashMap<&Ident, TokenStream>) -> TokenStream {
    let tokens = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Ident(name) => match values.get(&name) {
            Some(value) if value.clone().into_iter().count() > 1 => quote!((#value)),
            Some(value) => value.clone(),
            None => name.to_token_stream(),
        },
        TokenTree::Group(group) => Group::new(group.delimiter(), replaced(&group.stream(), values)).to_token_stream(),
        token => token.to_token_stream(),
    });
    tokens.collect()
}
