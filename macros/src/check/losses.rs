//! Checks the loss of a network and its hyperparameters.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Path};

use super::{Initial, Loss, Width, initial};
use crate::known::LOSSES;
use crate::mistakes::Mistakes;
use crate::parse::{Element, text};

/// Checks the loss, which takes the outputs of the last layer.
pub fn check<'a>(element: &'a Element, outputs: &Width, library: &Path, mistakes: &mut Mistakes) -> Loss<'a> {
    let Some((name, hyperparameters)) = LOSSES.iter().find(|(name, _)| element.is_ours(name)) else {
        let kind = element.to_token_stream();
        let initial = initial(element, super::Origin::User, mistakes);
        return Loss { declared_kind: kind.clone(), kind, initial, text: element.text(), ours: false, declared: true };
    };
    // Its arguments are reported already, so they are left out here.
    let declared_kind = element.path.to_token_stream();
    let mut loss = Loss {
        kind: declared_kind.clone(),
        declared_kind,
        initial: Initial::Default,
        text: element.text(),
        ours: true,
        declared: true,
    };
    if !are_known(element, name, hyperparameters, mistakes) {
        return loss;
    }
    loss.initial = initial(element, super::Origin::User, mistakes);
    let values = named(element, hyperparameters);
    // An array of a wrong length would be a second error.
    let wrong = values.iter().filter(|(name, value)| !check_value(name, value, outputs, mistakes)).count();
    if wrong > 0 {
        loss.initial = Initial::Default;
    }
    if let Some(kind) = kind_with_options(element, outputs, library, mistakes) {
        loss.kind = kind;
    }
    loss
}

/// Reports hyperparameters that a loss of the library does not have.
fn are_known(element: &Element, name: &str, known: &[&str], mistakes: &mut Mistakes) -> bool {
    let Some(given) = &element.hyperparameters else { return true };
    let named = given.named();
    let usage = match (name, known) {
        (_, []) => format!("`{name}` takes no hyperparameters: write `{name}`"),
        ("Huber", _) => "`Huber` takes one hyperparameter: write `Huber(1.0)` or `Huber(delta = 1.0)`".to_owned(),
        (_, [first, ..]) => {
            format!(
                "`{name}` takes hyperparameters by name, as in `{name}({first} = {})`: {}",
                example(first),
                list(known)
            )
        }
    };
    if known.is_empty()
        || given.values.is_empty()
        || named.len() < given.values.len() && (name != "Huber" || given.values.len() > 1)
    {
        mistakes.add_at(given.span, usage);
        return false;
    }
    let unknown: Vec<&Ident> =
        named.iter().map(|(name, _)| *name).filter(|name| !known.iter().any(|known| name == known)).collect();
    for unknown in &unknown {
        mistakes.add(unknown, format!("`{name}` has no hyperparameter `{unknown}`: it takes {}", list(known)));
    }
    unknown.is_empty()
}

fn example(hyperparameter: &str) -> &'static str {
    if hyperparameter == "pos_weight" { "3.0" } else { "0.1" }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The hyperparameters with their names.
fn named<'a>(element: &'a Element, known: &[&str]) -> Vec<(String, &'a Expr)> {
    let Some(given) = &element.hyperparameters else { return Vec::new() };
    match given.named() {
        named if named.is_empty() => {
            given.values.iter().zip(known).map(|(value, name)| ((*name).to_owned(), value)).collect()
        }
        named => named.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
    }
}

/// Reports literals out of range, and arrays of another length than the number of outputs. Returns true without these.
fn check_value(name: &str, value: &Expr, outputs: &Width, mistakes: &mut Mistakes) -> bool {
    let values: Vec<&Expr> = match value {
        Expr::Array(array) => array.elems.iter().collect(),
        value => vec![value],
    };
    if let (Expr::Array(_), Some(outputs)) = (value, outputs.literal())
        && values.len() != outputs
        && matches!(name, "class_weights" | "pos_weight")
    {
        let found = values.len();
        let message = format!("`{name}` has {found} numbers, but the layers before the loss output {outputs}");
        mistakes.add(value, message);
        return false;
    }
    let (is_valid, range): (fn(f64) -> bool, String) = match name {
        "label_smoothing" => (|value| (0.0..=1.0).contains(&value), "at least 0 and at most 1".to_owned()),
        "class_weights" | "pos_weight" => (|value| value >= 0.0, "at least 0".to_owned()),
        "delta" => (|value| value > 0.0, "greater than 0".to_owned()),
        _ => match (literal(value), outputs.literal()) {
            (Some(class), Some(outputs)) if class >= outputs as f64 => {
                (|_| false, format!("one of the {outputs} classes 0 to {}", outputs - 1))
            }
            _ => return true,
        },
    };
    let wrong: Vec<_> =
        values.into_iter().filter(|value| literal(value).is_some_and(|value| !is_valid(value))).collect();
    for value in &wrong {
        mistakes.add(value, format!("`{name}` must be {range}, not `{}`", text(value)));
    }
    wrong.is_empty()
}

/// The value of a literal number.
fn literal(value: &Expr) -> Option<f64> {
    let number = text(value).replace([' ', '_'], "").replace("f64", "");
    // A name such as `INFINITY` would parse too.
    let is_literal = number.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    number.parse().ok().filter(|_| is_literal)
}

/// The type of a loss that holds numbers for each output.
fn kind_with_options(
    element: &Element,
    outputs: &Width,
    library: &Path,
    mistakes: &mut Mistakes,
) -> Option<TokenStream> {
    element.hyperparameters.as_ref()?;
    let span = element.type_name().span();
    let kind = match element.type_name().to_string().as_str() {
        "SoftmaxWithLoss" => quote_spanned!(span=> SoftmaxWithOptions),
        "SigmoidWithLoss" => quote_spanned!(span=> SigmoidWithPosWeight),
        _ => return None,
    };
    let Width::Size(size) = outputs else {
        let message = format!(
            "`{}` needs a number of outputs that the macro can see: end the layers in an `Affine`",
            element.text()
        );
        mistakes.add(element.type_name(), message);
        return None;
    };
    let size = size.argument();
    Some(quote_spanned!(span=> #library::losses::#kind<#size>))
}
