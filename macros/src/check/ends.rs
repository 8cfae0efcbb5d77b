//! Checks the two ends of a chain: the network's input and its loss.

use super::arguments::sizes_of;
use super::{Context, Width, check_no_sizes, images};
use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Element, Kind};

/// A chain, split into its input, layers and loss.
pub struct Ends<'a> {
    /// The width in `Input<784>`.
    pub input: Option<Width>,
    pub layers: Vec<&'a Element>,
    pub loss: Option<&'a Element>,
}

/// Splits the chain.
pub(super) fn split<'a>(context: Context<'a, '_>, mistakes: &mut Mistakes) -> Ends<'a> {
    let declaration = context.declaration;
    let (input, elements) = split_input(context, mistakes);
    let (layers, loss) = match declaration.kind {
        Kind::Network => split_loss(declaration, elements, mistakes),
        Kind::Block => (without_losses(declaration, elements, mistakes), None),
    };
    Ends { input, layers, loss }
}

fn split_input<'a>(context: Context<'a, '_>, mistakes: &mut Mistakes) -> (Option<Width>, &'a [Element]) {
    let declaration = context.declaration;
    match declaration.chain.elements.split_first() {
        Some((first, rest)) if first.is_ours("Input") => {
            if let Some(name) = &first.name {
                mistakes.add(name, format!("`Input` is not a layer and cannot have a name: remove `{name}:`"));
            }
            let usage =
                "the number of input features, as in `Input<784>`, or the shape of an image, as in `Input<1, 28, 28>`";
            let count = first.arguments().len();
            if count == 2 || count == 3 {
                let sizes = sizes_of(first, count, usage, None, mistakes);
                return (sizes.and_then(|sizes| images::input(sizes, &context, mistakes)), rest);
            }
            let width = sizes_of(first, 1, usage, None, mistakes).and_then(|sizes| sizes.into_iter().next());
            (width.map(Width::Size), rest)
        }
        Some((first, _)) if first.is_elementwise() => {
            let message = format!(
                "`{}` takes any number of features, so the input width is unknown: begin with `Input<...> -> {0}`",
                first.type_name()
            );
            mistakes.add(first, message);
            (None, &declaration.chain.elements)
        }
        _ => (None, &declaration.chain.elements),
    }
}

/// The layers of a block, which has no loss.
fn without_losses<'a>(declaration: &Declaration, elements: &'a [Element], mistakes: &mut Mistakes) -> Vec<&'a Element> {
    let (losses, layers): (Vec<_>, Vec<_>) = elements.iter().partition(|element| element.is_library_loss());
    for loss in &losses {
        let name = loss.type_name();
        mistakes.add(loss, format!("a block has no loss: remove `{name}`, or declare a network with `struct`"));
    }
    if layers.is_empty() && losses.is_empty() {
        check_empty(declaration, mistakes);
    }
    layers
}

fn split_loss<'a>(
    declaration: &Declaration,
    elements: &'a [Element],
    mistakes: &mut Mistakes,
) -> (Vec<&'a Element>, Option<&'a Element>) {
    let Some((last, before)) = elements.split_last() else {
        check_empty(declaration, mistakes);
        return (Vec::new(), None);
    };
    let mut layers: Vec<&Element> = Vec::new();
    for (element, next) in before.iter().zip(&elements[1..]) {
        if element.is_library_loss() {
            let message =
                format!("the loss `{}` must be the last element, but `{}` follows it", element.text(), next.text());
            mistakes.add(element, message);
        } else {
            layers.push(element);
        }
    }
    if last.is_library_loss() {
        check_no_sizes(last, mistakes);
        if let Some(name) = last.name.as_ref().filter(|name| *name != "loss") {
            mistakes.add(name, format!("the loss is always named `loss`: remove `{name}:`"));
        }
        if layers.is_empty() && before.is_empty() && !declaration.chain.broken {
            let message = format!("`{}` has no layers: add one before `{}`", declaration.name, last.text());
            mistakes.add(last, message);
        }
        return (layers, Some(last));
    }
    if last.is_library_layer() || declaration.chain.broken {
        if !declaration.chain.broken && !before.iter().any(Element::is_library_loss) {
            let message = format!(
                "`{}` ends with the layer `{}`: add a loss, such as `-> SoftmaxWithLoss`",
                declaration.name,
                last.text()
            );
            mistakes.add(last, message);
        }
        layers.push(last);
        return (layers, None);
    }
    (layers, Some(last)) // the user's own loss
}

fn check_empty(declaration: &Declaration, mistakes: &mut Mistakes) {
    if declaration.chain.broken {
        return;
    }
    let usage = match declaration.kind {
        Kind::Network => "= Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;",
        Kind::Block => "= Affine<50, 50> -> Relu;",
    };
    let message = format!("`{}` has no layers: write them after `=`, as in `{usage}`", declaration.name);
    mistakes.add_at(declaration.chain.end, message);
}
