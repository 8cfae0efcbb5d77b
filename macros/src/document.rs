//! The doc comments of what is written.

use crate::check::{Layer, Network, Width};

/// The table of layers, below the user's own words if there are any.
pub fn table(network: &Network, below_words: bool) -> Vec<String> {
    let mut lines = if below_words { vec![String::new()] } else { Vec::new() };
    lines.extend([" | layer | type | features | parameters |".to_owned(), " | --- | --- | --- | --- |".to_owned()]);
    for layer in &network.layers {
        let (input, output) = (width(&layer.input), width(&layer.output));
        let count = parameters(layer).unwrap_or_default();
        lines.push(format!(" | `{}` | `{}` | {input} -> {output} | {count} |", layer.field, layer.element.text()));
    }
    lines.push(format!(" | `loss` | `{}` | {} | |", network.loss_text, width(&network.output)));
    if let Some(total) = network.layers.iter().map(count).sum::<Option<usize>>() {
        lines.extend([String::new(), format!(" {total} parameters.")]);
    }
    lines
}

/// One line on a field.
pub fn field(layer: &Layer) -> String {
    let says = |width: &Width, way: &str| width.text().map(|text| format!("`{text}` features {way}"));
    let ends: Vec<String> = [says(&layer.input, "in"), says(&layer.output, "out")].into_iter().flatten().collect();
    format!(" `{}`: {}.", layer.element.text(), ends.join(", "))
}

fn width(width: &Width) -> String {
    width.text().map_or_else(|| "?".to_owned(), |text| format!("`{text}`"))
}

fn parameters(layer: &Layer) -> Option<String> {
    match count(layer) {
        Some(0) => None,
        Some(count) => Some(count.to_string()),
        None if layer.affine => {
            let (input, output) = (layer.input.text()?, layer.output.text()?);
            Some(format!("`{input} * {output} + {output}`"))
        }
        None => None,
    }
}

/// How many parameters a layer has, if that is known.
fn count(layer: &Layer) -> Option<usize> {
    if !layer.affine {
        // Our other layers have none; how many a user's layer has, only its type knows.
        return matches!(layer.output, Width::Size(_)).then_some(0);
    }
    let (input, output) = (layer.input.literal()?, layer.output.literal()?);
    input.checked_mul(output)?.checked_add(output)
}
