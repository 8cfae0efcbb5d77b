//! The doc comments of the generated struct and its fields.

use syn::ext::IdentExt;
use typenet_graph::{Inside, network, thousands};

use crate::check::{Layer, Network, Origin, Width};

/// The table of layers, below the user's doc comment if there is one. `Network::summary` returns the same at run time.
pub fn table(network: &Network, has_user_docs: bool) -> Vec<String> {
    let mut lines = if has_user_docs { vec![String::new()] } else { Vec::new() };
    lines.push(" | layer | type | features | parameters | bytes in `f32` | multiply-adds |".to_owned());
    lines.push(" | --- | --- | --- | ---: | ---: | ---: |".to_owned());
    // A width that the macro cannot see in a layer is the input of the next one, if that is an `Affine`.
    let next_inputs = network.layers.iter().skip(1).map(|next| &next.input).chain([&network.output]);
    for (layer, next_input) in network.layers.iter().zip(next_inputs) {
        let output = layer.output.text().or_else(|| next_input.text()).unwrap_or_else(|| UNKNOWN.to_owned());
        let classes = if matches!(layer.input, Width::Classes(_)) { " classes" } else { "" };
        let (input, output) = (code(&width(&layer.input)) + classes, code(&output));
        let [parameters, bytes, multiply_adds] = costs(layer);
        let (name, kind) = (layer.field.unraw(), code(&layer.element.text()));
        lines.push(format!(
            " | `{name}` | {kind} | {input}{ARROW}{output} | {parameters} | {bytes} | {multiply_adds} |"
        ));
    }
    if let Some(loss) = &network.loss {
        lines.push(format!(" | `loss` | {} | {} | | | |", code(&loss.text), code(&width(&network.output))));
    }
    lines.extend([String::new(), totals(network)]);
    lines
}

/// The total cost of the layers whose cost is known.
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
        names => format!(", without those of {}, which `summary()` includes", names.join(", ")),
    };
    let nouns = [(parameters, "parameter"), (multiply_adds, "multiply-add")];
    let [parameter, multiply_add] =
        nouns.map(|(count, noun)| if count == 1 { noun.to_owned() } else { format!("{noun}s") });
    format!(" {} {parameter} ({} bytes), {} {multiply_add} per sample{rest}.", sums[0], sums[1], sums[2])
}

/// The size of an `f32`.
const BYTES: usize = 4;

/// A layer's description for the drawing.
pub fn graph_layer(layer: &Layer) -> network::Layer {
    let (name, [inputs, outputs]) = (layer.field.unraw().to_string(), ends(layer));
    let block = |&(block, is_matrix): &(&str, bool)| {
        let rows = if is_matrix { &inputs } else { "1" };
        [format!("{name}.{block}"), format!("{rows} x {outputs}")]
    };
    let blocks: Vec<_> = blocks(layer).iter().map(block).collect();
    let parameters = match count(layer) {
        Some([parameters, _]) if layer.origin == Origin::Brackets => thousands(parameters),
        _ if blocks.is_empty() => String::new(),
        _ => parameters(layer),
    };
    // A class is one number.
    let inputs = if matches!(layer.input, Width::Classes(_)) { "1".to_owned() } else { inputs };
    network::Layer { kind: layer.element.text(), inputs, outputs, parameters, blocks, name, inside: inside(layer) }
}

/// The layers in brackets, for the drawing.
fn inside(layer: &Layer) -> Option<Inside<network::Layer>> {
    let branches = layer.inside.iter().map(|chain| chain.layers.iter().map(graph_layer).collect());
    let mut branches: Vec<Vec<network::Layer>> = branches.collect();
    match layer.element.type_name().to_string().as_str() {
        _ if branches.is_empty() => None,
        "Residual" => {
            branches.push(Vec::new());
            Some(Inside::Sum(branches))
        }
        "Sum" => Some(Inside::Sum(branches)),
        _ => Some(Inside::Concat(branches)),
    }
}

/// A field's doc comment, in one line.
pub fn field(layer: &Layer) -> String {
    let features = |width: &Width, direction: &str| {
        let noun = match (width, width.literal()) {
            (Width::Classes(_), _) => "classes",
            (_, Some(1)) => "feature",
            _ => "features",
        };
        width.text().map(|text| format!("`{text}` {noun} {direction}"))
    };
    let ends = [features(&layer.input, "in"), features(&layer.output, "out")];
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    let ends = if ends.is_empty() { String::new() } else { format!(": {}", ends.join(", ")) };
    format!(" `{}`{ends}.", layer.element.text())
}

/// The number of output features, as the drawing shows it.
pub fn outputs(network: &Network) -> String {
    factor(&width(&network.output))
}

fn width(width: &Width) -> String {
    width.text().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// An arrow from a layer's input to its output, with non-breaking spaces.
const ARROW: &str = "\u{a0}→\u{a0}";

/// The placeholder for numbers that the macro cannot know.
const UNKNOWN: &str = "?";

/// Formats a text as code in a table, unless it is [`UNKNOWN`].
fn code(text: &str) -> String {
    if text == UNKNOWN { text.to_owned() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// Formats a text as a factor of a product: in parentheses, unless it is a single number or name.
fn factor(text: &str) -> String {
    let is_single = text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '?'));
    if is_single { text.to_owned() } else { format!("({text})") }
}

/// A layer's input and output width, formatted as factors.
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
        (None, Origin::User) => [UNKNOWN; 3].map(str::to_owned),
        (None, origin) => {
            let (parameters, [input, output]) = (parameters(layer), ends(layer));
            let bytes = format!("{BYTES} * ({parameters})");
            let multiply_adds =
                if origin == Origin::Affine { code(&format!("{input} * {output}")) } else { "0".to_owned() };
            [code(&parameters), code(&bytes), multiply_adds]
        }
    }
}

/// The names of a library layer's parameters, with true for a matrix that has a row for each input.
fn blocks(layer: &Layer) -> &'static [(&'static str, bool)] {
    match (layer.origin, layer.element.type_name().to_string().as_str()) {
        (Origin::Elementwise | Origin::Brackets | Origin::User, _) => &[],
        (Origin::Affine, "Affine") => &[("weight", true), ("bias", false)],
        (Origin::Affine | Origin::Embedding, _) => &[("weight", true)],
        (Origin::PerFeature, "BatchNorm" | "LayerNorm") => &[("scale", false), ("shift", false)],
        (Origin::PerFeature, "PRelu") => &[("slope", false)],
        (Origin::PerFeature, _) => &[("scale", false)],
    }
}

/// The number of a library layer's parameters, as a number or a formula.
fn parameters(layer: &Layer) -> String {
    let [input, output] = ends(layer);
    let terms = blocks(layer).iter().map(
        |&(_, is_matrix)| {
            if is_matrix { format!("{input} * {output}") } else { output.clone() }
        },
    );
    count(layer).map_or_else(|| terms.collect::<Vec<_>>().join(" + "), |[parameters, _]| thousands(parameters))
}

/// A layer's number of parameters and of multiply-adds per sample; `None` for layers of the user's and unknown sizes.
fn count(layer: &Layer) -> Option<[usize; 2]> {
    match layer.origin {
        Origin::Elementwise => Some([0, 0]),
        Origin::User => None,
        Origin::Brackets => {
            layer.inside.iter().flat_map(|chain| &chain.layers).try_fold([0_usize; 2], |sums, inner| {
                let counts = count(inner)?;
                Some([sums[0].checked_add(counts[0])?, sums[1].checked_add(counts[1])?])
            })
        }
        Origin::Affine | Origin::Embedding | Origin::PerFeature => {
            let (input, output) = (layer.input.literal()?, layer.output.literal()?);
            blocks(layer).iter().try_fold([0_usize, 0_usize], |[parameters, multiply_adds], &(_, is_matrix)| {
                let products = input.checked_mul(output)?;
                let [size, cost] = match is_matrix {
                    true if layer.origin == Origin::Embedding => [products, 0],
                    true => [products, products],
                    false => [output, 0],
                };
                Some([parameters.checked_add(size)?, multiply_adds.checked_add(cost)?])
            })
        }
    }
}
