//! The doc comments of what is written.

use crate::check::{Layer, Network, Origin, Width};

/// The table of layers, below the user's own words if there are any.
pub fn table(network: &Network, below_words: bool) -> Vec<String> {
    let mut lines = if below_words { vec![String::new()] } else { Vec::new() };
    lines.extend([" | layer | type | features | parameters |".to_owned(), " | --- | --- | --- | --- |".to_owned()]);
    for layer in &network.layers {
        let (input, output) = (width(&layer.input), width(&layer.output));
        let count = parameters(layer).unwrap_or_default();
        lines.push(format!(" | `{}` | `{}` | {input} -> {output} | {count} |", layer.field, layer.element.text()));
    }
    lines.push(format!(" | `loss` | `{}` | {} | |", network.loss.text, width(&network.output)));
    if let Some(total) = network.layers.iter().map(count).sum::<Option<usize>>() {
        lines.extend([String::new(), format!(" {total} parameters.")]);
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

fn parameters(layer: &Layer) -> Option<String> {
    match (count(layer), layer.origin) {
        (Some(0), _) => None,
        (Some(count), _) => Some(count.to_string()),
        (None, Origin::Affine) => {
            let (input, output) = (layer.input.text()?, layer.output.text()?);
            Some(format!("`{input} * {output} + {output}`"))
        }
        (None, _) => None,
    }
}

/// How many parameters a layer has, if that is known; of a user's layer only its type knows.
fn count(layer: &Layer) -> Option<usize> {
    match layer.origin {
        Origin::Elementwise => Some(0),
        Origin::User => None,
        Origin::Affine => {
            let (input, output) = (layer.input.literal()?, layer.output.literal()?);
            input.checked_mul(output)?.checked_add(output)
        }
    }
}
