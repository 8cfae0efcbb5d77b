//! The doc comments of what is written.

use crate::check::{Layer, Network, Origin, Width};

/// The table of layers, below the user's own words if there are any. `Network::summary` says the same when the program runs.
pub fn table(network: &Network, below_words: bool) -> Vec<String> {
    let mut lines = if below_words { vec![String::new()] } else { Vec::new() };
    lines.push(" | layer | type | features | parameters | multiply-adds |".to_owned());
    lines.push(" | --- | --- | --- | ---: | ---: |".to_owned());
    for layer in &network.layers {
        let (input, output) = (width(&layer.input), width(&layer.output));
        let [parameters, multiply_adds] = costs(layer);
        let (name, kind) = (&layer.field, layer.element.text());
        lines.push(format!(" | `{name}` | `{kind}` | {input} -> {output} | {parameters} | {multiply_adds} |"));
    }
    lines.push(format!(" | `loss` | `{}` | {} | | |", network.loss.text, width(&network.output)));
    let counts: Option<Vec<_>> = network.layers.iter().map(count).collect();
    if let Some(counts) = counts {
        let sum = |place: usize| thousands(counts.iter().fold(0, |sum, count| sum.saturating_add(count[place])));
        lines.extend([String::new(), format!(" {} parameters, {} multiply-adds a sample.", sum(0), sum(1))]);
    }
    lines
}

/// One line on a field.
pub fn field(layer: &Layer) -> String {
    let says = |width: &Width, way: &str| width.text().map(|text| format!("`{text}` features {way}"));
    let ends: Vec<String> = [says(&layer.input, "in"), says(&layer.output, "out")].into_iter().flatten().collect();
    let ends = if ends.is_empty() { String::new() } else { format!(": {}", ends.join(", ")) };
    format!(" `{}`{ends}.", layer.element.text())
}

fn width(width: &Width) -> String {
    width.text().map_or_else(|| "?".to_owned(), |text| format!("`{text}`"))
}

/// A layer's parameters and multiply-adds, as far as they are known.
fn costs(layer: &Layer) -> [String; 2] {
    match (count(layer), layer.origin) {
        (Some([0, 0]), _) => Default::default(),
        (Some(counts), _) => counts.map(thousands),
        (None, Origin::Affine) => {
            let (input, output) = (layer.input.text().unwrap_or_default(), layer.output.text().unwrap_or_default());
            [format!("`{input} * {output} + {output}`"), format!("`{input} * {output}`")]
        }
        (None, _) => Default::default(),
    }
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

/// A number with a comma after every thousand.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    groups.collect::<Vec<_>>().join(",")
}
