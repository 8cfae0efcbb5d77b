//! Compares the constants of an embedded network with its declaration, at compile time.

use std::marker::PhantomData;

use crate::macro_support::message::Message;
pub use crate::matrix::{doubles, floats};
use crate::networks::Network;
pub use crate::parameters::Inside;
use crate::parameters::{Constant, Constants, Content, Declared, Embed, Path};
use crate::scalar::Scalar;

/// Tests if `L` implements `Embed<T>`.
#[derive(Debug)]
pub struct IsEmbed<L, T>(PhantomData<(L, T)>);

impl<T: Scalar, L: Embed<T>> IsEmbed<L, T> {
    /// The parts that the type declares.
    pub const PARTS: Option<&'static [Declared]> = Some(L::PARTS);
}

/// The items of [`IsEmbed`] for layers that do not implement `Embed`.
pub trait EmbedFallback {
    /// The type does not declare its parts.
    const PARTS: Option<&'static [Declared]> = None;
}

impl<L, T> EmbedFallback for IsEmbed<L, T> {}

/// Compares the layers and tensors of a file with the declaration of a network; returns the constants.
///
/// # Panics
///
/// With the first difference.
#[track_caller] // compilers omit notes of such calls
pub const fn check<Net: Network>(scalar: &str, layers: &[&str], constants: Constants) -> Constants {
    if !same(scalar, Net::Scalar::NAME) {
        let message = Message::new().text("the file holds numbers in `").text(scalar).text("`, but `").text(Net::NAME);
        fail(&message.text("` computes in `").text(Net::Scalar::NAME).text("`"));
    }
    check_layers(Net::NAME, layers, Net::LAYERS);
    let root = Path::root("");
    check_parts(Net::NAME, Net::PARTS, root, constants);
    let mut next = 0;
    while next < constants.0.len() {
        let Constant { name, .. } = constants.0[next];
        if !claims(Net::PARTS, root, name) {
            fail(
                &Message::new()
                    .text("the file holds `")
                    .text(name)
                    .text("`, which `")
                    .text(Net::NAME)
                    .text("` has not"),
            );
        }
        next += 1;
    }
    constants
}

#[track_caller]
const fn check_layers(network: &str, found: &[&str], declared: &[&str]) {
    let mut next = 0;
    while next < found.len() || next < declared.len() {
        let [found, declared] = [layer(found, next), layer(declared, next)];
        if !same(found, declared) {
            let message = quoted(Message::new().text("the file holds "), found).text(" where `").text(network);
            fail(&quoted(message.text("` has "), declared));
        }
        next += 1;
    }
}

/// The name of a layer, or nothing past the last one.
const fn layer<'a>(layers: &[&'a str], place: usize) -> &'a str {
    if place < layers.len() { layers[place] } else { "" }
}

#[allow(clippy::large_types_passed_by_value)] // as in the methods of `Message`
const fn quoted(message: Message, layer: &str) -> Message {
    if layer.is_empty() { message.text("no more layers") } else { message.text("`").text(layer).text("`") }
}

/// Finds a constant of the right shape for each declared part.
#[track_caller]
const fn check_parts(network: &str, parts: &[Declared], at: Path<'_>, constants: Constants) {
    let mut next = 0;
    while next < parts.len() {
        let Declared { name, content } = parts[next];
        let at = at.then(name);
        match content {
            Content::Parameter(shape) | Content::Statistic(shape) => check_part(network, at, shape, constants),
            Content::Setting => check_part(network, at, &[], constants),
            Content::Inside(parts) => check_parts(network, parts, at, constants),
            Content::Unchecked | Content::Unknown => {}
        }
        next += 1;
    }
}

#[track_caller]
const fn check_part(network: &str, at: Path<'_>, shape: &[usize], constants: Constants) {
    let mut next = 0;
    while next < constants.0.len() {
        let Constant { name, shape: found, .. } = constants.0[next];
        if at.is(name) {
            if !same_shape(found, shape) {
                let message = Message::new().text("the file holds `").text(name).text("` as ");
                let message = sizes(message, found).text(", but `").text(network).text("` has it as ");
                fail(&sizes(message, shape));
            }
            return;
        }
        next += 1;
    }
    let message = path(Message::new().text("the file holds no `"), at).text("`, which `").text(network);
    fail(&sizes(message.text("` has as "), shape));
}

/// Returns whether a name belongs to one of the parts.
const fn claims(parts: &[Declared], at: Path<'_>, name: &str) -> bool {
    let mut next = 0;
    while next < parts.len() {
        let Declared { name: part, content } = parts[next];
        let at = at.then(part);
        let claimed = match content {
            Content::Parameter(_) | Content::Statistic(_) | Content::Setting => at.is(name),
            Content::Inside(parts) => claims(parts, at, name),
            Content::Unchecked | Content::Unknown => at.is_above(name),
        };
        if claimed {
            return true;
        }
        next += 1;
    }
    false
}

#[track_caller]
const fn fail(message: &Message) -> ! {
    panic!("{}", message.as_str())
}

#[allow(clippy::large_types_passed_by_value)] // as above
const fn path(message: Message, at: Path<'_>) -> Message {
    let Some(parent) = at.parent() else { return message.text(at.name()) };
    if parent.is("") {
        return message.text(at.name());
    }
    let message = path(message, *parent);
    if at.name().is_empty() { message } else { message.text(".").text(at.name()) }
}

#[allow(clippy::large_types_passed_by_value)] // as above
const fn sizes(message: Message, shape: &[usize]) -> Message {
    if shape.is_empty() {
        return message.text("a single number");
    }
    let (mut message, mut next) = (message.number(shape[0]), 1);
    while next < shape.len() {
        message = message.text(" x ").number(shape[next]);
        next += 1;
    }
    message
}

const fn same_shape(one: &[usize], other: &[usize]) -> bool {
    let mut next = 0;
    while next < one.len() && next < other.len() {
        if one[next] != other[next] {
            return false;
        }
        next += 1;
    }
    one.len() == other.len()
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut next = 0;
    while next < one.len() && next < other.len() {
        if one[next] != other[next] {
            return false;
        }
        next += 1;
    }
    one.len() == other.len()
}
