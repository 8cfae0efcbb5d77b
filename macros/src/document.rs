//! The doc comments of what is written.

use syn::ext::IdentExt;
use typenet_graph::{network, thousands};

use crate::check::{Layer, Network, Origin, Width};

/// The table of layers, below the user's own words if there are any. `Network::summary` says the same when the program runs.
pub fn table(network: &Network, below_words: bool) -> Vec<String> {
    let mut lines = if below_words { vec![String::new()] } else { Vec::new() };
    lines.push(" | layer | type | features | parameters | bytes in `f32` | multiply-adds |".to_owned());
    lines.push(" | --- | --- | --- | ---: | ---: | ---: |".to_owned());
    // What only a layer's type says, the next one says as well, if it is an `Affine`.
    let given = network.layers.iter().skip(1).map(|next| &next.input).chain([&network.output]);
    for (layer, given) in network.layers.iter().zip(given) {
        let output = layer.output.text().or_else(|| given.text()).unwrap_or_else(|| UNKNOWN.to_owned());
        let (input, output) = (code(&width(&layer.input)), code(&output));
        let [parameters, bytes, multiply_adds] = costs(layer);
        let (name, kind) = (layer.field.unraw(), code(&layer.element.text()));
        lines.push(format!(
            " | `{name}` | {kind} | {input}{ARROW}{output} | {parameters} | {bytes} | {multiply_adds} |"
        ));
    }
    lines.push(format!(" | `loss` | {} | {} | | | |", code(&network.loss.text), code(&width(&network.output))));
    lines.extend([String::new(), totals(network)]);
    lines
}

/// What all layers cost together, as far as it is known.
fn totals(network: &Network) -> String {
    let (known, unknown): (Vec<&Layer>, Vec<&Layer>) = network.layers.iter().partition(|layer| count(layer).is_some());
    if unknown.iter().any(|layer| layer.origin != Origin::User) {
        return " `summary()` shows the totals.".to_owned();
    }
    let [parameters, multiply_adds] = [0, 1].map(|place| {
        known.iter().filter_map(|layer| count(layer)).fold(0_usize, |sum, counts| sum.saturating_add(counts[place]))
    });
    let sums = [parameters, parameters.saturating_mul(BYTES), multiply_adds].map(thousands);
    let names: Vec<String> = unknown.iter().map(|layer| format!("`{}`", layer.field.unraw())).collect();
    let rest = match names.as_slice() {
        [] => String::new(),
        names => format!(", without those of {}, which `summary()` shows as well", names.join(", ")),
    };
    let nouns = [(parameters, "parameter"), (multiply_adds, "multiply-add")];
    let [parameter, multiply_add] =
        nouns.map(|(count, noun)| if count == 1 { noun.to_owned() } else { format!("{noun}s") });
    format!(" {} {parameter} in {} bytes, {} {multiply_add} a sample{rest}.", sums[0], sums[1], sums[2])
}

/// What a number in `f32` takes.
const BYTES: usize = 4;

/// A layer as a drawing tells of it.
pub fn in_words(layer: &Layer) -> network::Layer {
    let (name, [inputs, outputs]) = (layer.field.unraw().to_string(), ends(layer));
    let block = |block: &str, rows: &str| [format!("{name}.{block}"), format!("{rows} x {outputs}")];
    let (parameters, blocks) = match layer.origin {
        Origin::Affine => (parameters(layer), vec![block("weight", &inputs), block("bias", "1")]),
        Origin::Elementwise | Origin::User => Default::default(),
    };
    network::Layer { kind: layer.element.text(), inputs, parameters, blocks, name }
}

/// One line on a field.
pub fn field(layer: &Layer) -> String {
    let says = |width: &Width, way: &str| {
        let noun = if width.literal() == Some(1) { "feature" } else { "features" };
        width.text().map(|text| format!("`{text}` {noun} {way}"))
    };
    let ends: Vec<String> = [says(&layer.input, "in"), says(&layer.output, "out")].into_iter().flatten().collect();
    let ends = if ends.is_empty() { String::new() } else { format!(": {}", ends.join(", ")) };
    format!(" `{}`{ends}.", layer.element.text())
}

/// How many features the last layer gives, as a drawing tells of it.
pub fn outputs(network: &Network) -> String {
    factor(&width(&network.output))
}

fn width(width: &Width) -> String {
    width.text().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Between what a layer takes and gives, in one piece.
const ARROW: &str = "\u{a0}→\u{a0}";

/// What stands for a number that the macro cannot know.
const UNKNOWN: &str = "?";

/// As code in a table, unless it is unknown.
fn code(text: &str) -> String {
    if text == UNKNOWN { text.to_owned() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// As a factor of a product: in parentheses, unless it is one number or name.
fn factor(text: &str) -> String {
    let is_one = text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '?'));
    if is_one { text.to_owned() } else { format!("({text})") }
}

/// What a layer takes and gives, as factors.
fn ends(layer: &Layer) -> [String; 2] {
    [&layer.input, &layer.output].map(|end| factor(&width(end)))
}

/// A layer's parameters, their bytes, and its multiply-adds.
fn costs(layer: &Layer) -> [String; 3] {
    match (count(layer), layer.origin) {
        (Some([0, 0]), _) => Default::default(),
        (Some([parameters, multiply_adds]), _) => {
            [parameters, parameters.saturating_mul(BYTES), multiply_adds].map(thousands)
        }
        (None, Origin::Affine) => {
            let (parameters, [input, output]) = (parameters(layer), ends(layer));
            let bytes = format!("{BYTES} * ({parameters})");
            [parameters, bytes, format!("{input} * {output}")].map(|text| code(&text))
        }
        (None, _) => [UNKNOWN; 3].map(str::to_owned),
    }
}

/// How many parameters an `Affine` has.
fn parameters(layer: &Layer) -> String {
    let [input, output] = ends(layer);
    count(layer).map_or_else(|| format!("{input} * {output} + {output}"), |[parameters, _]| thousands(parameters))
}

/// How many parameters a layer has, and how many products it adds up for a sample, if that is known; of a user's layer only
/// its type knows.
fn count(layer: &Layer) -> Option<[usize; 2]> {
    match layer.origin {
        Origin::Elementwise => Some([0, 0]),
        Origin::User => None,
        Origin::Affine => {
            let (input, output) = (layer.input.literal()?, layer.output.literal()?);
            let products = input.checked_mul(output)?;
            Some([products.checked_add(output)?, products])
        }
    }
}
