//! Checks the names of layers and const parameters.

use std::collections::HashSet;

use quote::format_ident;
use syn::Ident;

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, Kind, text};

/// Reports const parameters named `T`, or of another type than `usize`.
pub fn check_sizes(declaration: &Declaration, mistakes: &mut Mistakes) {
    for size in &declaration.sizes {
        if size.ident == "T" {
            mistakes.add(&size.ident, "`T` is the network's scalar type: rename this size");
        }
        if text(&size.ty) != "::core::primitive::usize" {
            let message =
                format!("a size must be a `usize`, not a `{}`: write `const {}: usize`", text(&size.ty), size.ident);
            mistakes.add(&size.ty, message);
        }
    }
}

/// Reports the network or a layer if it has the name of the scalar, `T`.
pub fn hides_scalar(declaration: &Declaration, mistakes: &mut Mistakes) -> bool {
    if declaration.name == "T" {
        let noun = declaration.kind.noun();
        mistakes.add(&declaration.name, format!("`T` is the {noun}'s scalar type: rename the {noun}"));
        return true;
    }
    let layer = declaration.chain.all().into_iter().find(|element| element.path.is_ident("T"));
    if let Some(layer) = layer {
        mistakes.add(layer.type_name(), "`T` is the network's scalar type: rename the layer");
    }
    layer.is_some()
}

/// Reports a layer that has the name of the network, and so would contain itself.
pub fn contains_itself(declaration: &Declaration, mistakes: &mut Mistakes) -> bool {
    if declaration.kind == Kind::Block {
        return false; // reported by `Blocks`
    }
    let itself = declaration.chain.all().into_iter().find(|element| element.path.is_ident(&declaration.name));
    if let Some(element) = itself {
        let name = &declaration.name;
        mistakes.add(
            element.type_name(),
            format!("`{name}` is the name of the network and of this layer: rename the network"),
        );
    }
    itself.is_some()
}

/// The names of the layers: as declared, or `affine1`, `relu1`, `affine2` as in the book.
pub fn layer_names(elements: &[&Element], mistakes: &mut Mistakes) -> Vec<Ident> {
    let mut taken = HashSet::from(["loss".to_owned()]);
    let mut names = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let kind = element.type_name();
        let number = 1 + elements[..place].iter().filter(|other| other.type_name() == kind).count();
        let numbered = format_ident!("{}{number}", snake_case(&kind.to_string()), span = kind.span());
        let name = element.name.clone().unwrap_or(numbered);
        if taken.insert(name.to_string()) {
            names.push(name);
            continue;
        }
        let message = if name == "loss" {
            "the name `loss` is reserved for the loss: rename this layer".to_owned()
        } else if element.name.is_some() {
            format!("another layer is already named `{name}`: rename this one")
        } else {
            format!("another layer is already named `{name}`: name this one, as in `my_name: {}`", element.text())
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
