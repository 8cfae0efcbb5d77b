//! The doc comments of the generated struct and its fields.

use std::collections::{HashMap, HashSet};

use syn::ext::IdentExt;
use typenet_graph::{Inside, network, thousands};

use crate::check::{Blocks, Image, Layer, Network, Origin, Width, image_counts};

/// The table of layers, below the user's doc comment if there is one. `Network::summary` returns the same at run time.
pub fn table(network: &Network, blocks: &Blocks, has_user_docs: bool) -> Vec<String> {
    let mut lines = if has_user_docs { vec![String::new()] } else { Vec::new() };
    lines.push(" | layer | type | features | parameters | bytes in `f32` | multiply-adds |".to_owned());
    lines.push(" | --- | --- | --- | ---: | ---: | ---: |".to_owned());
    let mut describer = Describer::new(blocks);
    describer.add_rows(network, 0, &mut lines);
    if let Some(loss) = &network.loss {
        lines.push(format!(" | `loss` | {} | {} | | | |", code(&loss.text), code(&width(&network.output))));
    }
    lines.extend([String::new(), describer.totals(network)]);
    lines
}

/// Describes layers, with the layers inside those blocks that are declared in the same `network!`.
///
/// The inside of a block is described at its first use only, so the length of a description is that of the declarations.
pub struct Describer<'a> {
    blocks: &'a Blocks<'a>,
    /// The blocks whose inside is described already.
    described: HashSet<String>,
    /// The number of parameters and of multiply-adds of each block.
    counts: HashMap<String, Option<[usize; 2]>>,
}

impl<'a> Describer<'a> {
    pub fn new(blocks: &'a Blocks<'a>) -> Self {
        Self { blocks, described: HashSet::new(), counts: HashMap::new() }
    }

    /// Adds a row for each layer and, indented, for the layers inside.
    fn add_rows(&mut self, network: &Network, depth: usize, rows: &mut Vec<String>) {
        // A width that the macro cannot see in a layer is the input of the next one, if that is an `Affine`.
        let next_inputs = network.layers.iter().skip(1).map(|next| &next.input).chain([&network.output]);
        let indent = INDENT.repeat(depth);
        for (layer, next_input) in network.layers.iter().zip(next_inputs) {
            let output = layer.output.text().or_else(|| next_input.text()).unwrap_or_else(|| UNKNOWN.to_owned());
            let classes = if matches!(layer.input, Width::Classes(_)) { " classes" } else { "" };
            let (input, output) = (code(&width(&layer.input)) + classes, code(&output));
            let [parameters, bytes, multiply_adds] = self.costs(layer);
            let (name, kind) = (layer.field.unraw(), code(&layer.element.text()));
            rows.push(format!(
                " | {indent}`{name}` | {kind} | {input}{ARROW}{output} | {parameters} | {bytes} | {multiply_adds} |"
            ));
            self.add_rows_inside(layer, depth + 1, rows);
        }
    }

    /// Adds rows for the layers in brackets, or in a block that is used for the first time.
    fn add_rows_inside(&mut self, layer: &Layer, depth: usize, rows: &mut Vec<String>) {
        let indent = INDENT.repeat(depth);
        if self.is_first(layer) {
            self.blocks.describe(layer.element, |block| self.add_rows(block, depth, rows));
        }
        let is_residual = layer.element.is_ours("Residual");
        for (place, chain) in layer.inside.iter().enumerate() {
            if !is_residual {
                rows.push(format!(" | {indent}branch {place} | | | | | |"));
            }
            self.add_rows(chain, if is_residual { depth } else { depth + 1 }, rows);
        }
        if is_residual && !layer.inside.is_empty() {
            rows.push(format!(" | {indent}skip | | {} | | | |", code(&width(&layer.input))));
        }
    }

    /// Returns true if the layer may be a block that has not been described.
    fn is_first(&mut self, layer: &Layer) -> bool {
        layer.origin == Origin::User && self.described.insert(layer.element.text())
    }

    /// The total cost of the layers whose cost is known.
    fn totals(&mut self, network: &Network) -> String {
        let counts: Vec<_> = network.layers.iter().map(|layer| (layer, self.count(layer))).collect();
        let is_unknown = |layer: &Layer| layer.origin != Origin::User || self.blocks.contains(layer.element);
        if counts.iter().any(|(layer, count)| count.is_none() && is_unknown(layer)) {
            return " `summary()` shows the totals.".to_owned();
        }
        let [parameters, multiply_adds] = [0, 1].map(|place| {
            counts.iter().filter_map(|(_, count)| *count).fold(0_usize, |sum, count| sum.saturating_add(count[place]))
        });
        let sums = [parameters, parameters.saturating_mul(BYTES), multiply_adds].map(thousands);
        let unknown = counts.iter().filter(|(_, count)| count.is_none());
        let names: Vec<String> = unknown.map(|(layer, _)| format!("`{}`", layer.field.unraw())).collect();
        let rest = match names.as_slice() {
            [] => String::new(),
            names => format!(", without those of {}, which `summary()` includes", names.join(", ")),
        };
        let nouns = [(parameters, "parameter"), (multiply_adds, "multiply-add")];
        let [parameter, multiply_add] =
            nouns.map(|(count, noun)| if count == 1 { noun.to_owned() } else { format!("{noun}s") });
        format!(" {} {parameter} ({} bytes), {} {multiply_add} per sample{rest}.", sums[0], sums[1], sums[2])
    }

    /// A layer's description for the drawing. A block that is described already has an empty inside.
    pub fn graph_layer(&mut self, layer: &Layer) -> network::Layer {
        let (name, [inputs, outputs]) = (layer.field.unraw().to_string(), ends(layer));
        let block = |&(block, is_matrix): &(&str, bool)| {
            let rows = if is_matrix { &inputs } else { "1" };
            [format!("{name}.{block}"), format!("{rows} x {outputs}")]
        };
        let blocks: Vec<_> = blocks(layer).iter().map(block).collect();
        let parameters = match self.count(layer) {
            Some([parameters, _]) if matches!(layer.origin, Origin::Brackets | Origin::User) => thousands(parameters),
            _ if blocks.is_empty() => String::new(),
            _ => parameters(layer),
        };
        // A class is one number.
        let inputs = if matches!(layer.input, Width::Classes(_)) { "1".to_owned() } else { shape(&layer.input) };
        let outputs = shape(&layer.output);
        let (kind, inside) = (layer.element.text(), self.inside(layer));
        network::Layer { kind, inputs, outputs, parameters, blocks, name, inside }
    }

    /// The layers in brackets or in a block.
    fn inside(&mut self, layer: &Layer) -> Option<Inside<network::Layer>> {
        if layer.origin == Origin::User && self.blocks.contains(layer.element) {
            if !self.is_first(layer) {
                return Some(Inside::Chain(Vec::new()));
            }
            return self.blocks.describe(layer.element, |block| Inside::Chain(self.chain(block)));
        }
        let mut branches: Vec<Vec<network::Layer>> = layer.inside.iter().map(|chain| self.chain(chain)).collect();
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

    fn chain(&mut self, network: &Network) -> Vec<network::Layer> {
        network.layers.iter().map(|layer| self.graph_layer(layer)).collect()
    }

    /// A layer's parameters, their bytes, and its multiply-adds.
    fn costs(&mut self, layer: &Layer) -> [String; 3] {
        match (self.count(layer), layer.origin) {
            (Some([0, 0]), _) => Default::default(),
            (Some([parameters, multiply_adds]), _) => {
                [parameters, parameters.saturating_mul(BYTES), multiply_adds].map(thousands)
            }
            (None, Origin::User | Origin::Brackets) => [UNKNOWN; 3].map(str::to_owned),
            (None, origin) => {
                let (parameters, [input, output]) = (parameters(layer), ends(layer));
                let bytes = format!("{BYTES} * ({parameters})");
                let multiply_adds =
                    if origin == Origin::Affine { code(&format!("{input} * {output}")) } else { "0".to_owned() };
                [code(&parameters), code(&bytes), multiply_adds]
            }
        }
    }

    /// A layer's number of parameters and of multiply-adds per sample; `None` for unknown layers and unknown sizes.
    fn count(&mut self, layer: &Layer) -> Option<[usize; 2]> {
        match layer.origin {
            Origin::User => {
                let text = layer.element.text();
                if let Some(&known) = self.counts.get(&text) {
                    return known;
                }
                let count = self.blocks.describe(layer.element, |block| self.count_all([block])).flatten();
                self.counts.insert(text, count);
                count
            }
            Origin::Brackets => self.count_all(&layer.inside),
            _ => count(layer),
        }
    }

    /// The sums over all layers of several chains.
    fn count_all<'n>(&mut self, chains: impl IntoIterator<Item = &'n Network<'n>>) -> Option<[usize; 2]> {
        chains.into_iter().flat_map(|chain| &chain.layers).try_fold([0_usize; 2], |sums, inner| {
            let counts = self.count(inner)?;
            Some([sums[0].checked_add(counts[0])?, sums[1].checked_add(counts[1])?])
        })
    }
}

/// The size of an `f32`.
const BYTES: usize = 4;

/// A field's doc comment, in one line.
pub fn field(layer: &Layer) -> String {
    let features = |width: &Width, direction: &str| {
        let noun = match (width, width.literal()) {
            (Width::Classes(_), _) => "classes",
            (Width::Image(_), _) => "values",
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

/// The shape of the output, as the drawing shows it.
pub fn outputs(network: &Network) -> String {
    shape(&network.output)
}

fn width(width: &Width) -> String {
    width.text().unwrap_or_else(|| UNKNOWN.to_owned())
}

/// An arrow from a layer's input to its output, with non-breaking spaces.
const ARROW: &str = "\u{a0}→\u{a0}";

/// The indentation of layers inside others, of non-breaking spaces.
const INDENT: &str = "\u{a0}\u{a0}\u{a0}";

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
    [&layer.input, &layer.output].map(|end| match end {
        Width::Image(Image { channels, .. }) if layer.origin == Origin::PerFeature => {
            factor(&width(&Width::Size(channels.clone())))
        }
        end => shape(end),
    })
}

/// A layer's input or output, as the drawing shows it: a factor, or the three factors of an image.
fn shape(end: &Width) -> String {
    if matches!(end, Width::Image(_)) { width(end) } else { factor(&width(end)) }
}

/// The names of a library layer's parameters, with true for a matrix that has a row for each input.
fn blocks(layer: &Layer) -> &'static [(&'static str, bool)] {
    match (layer.origin, layer.element.type_name().to_string().as_str()) {
        (Origin::Elementwise | Origin::Brackets | Origin::Image | Origin::User, _) => &[],
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

/// The number of parameters and of multiply-adds per sample of a library layer without brackets.
fn count(layer: &Layer) -> Option<[usize; 2]> {
    match layer.origin {
        Origin::Elementwise => Some([0, 0]),
        Origin::Image => image_counts(layer),
        Origin::User | Origin::Brackets => None,
        Origin::Affine | Origin::Embedding | Origin::PerFeature => {
            let output = match &layer.output {
                Width::Image(Image { channels, .. }) => channels.literal?,
                width => width.literal()?,
            };
            let input = layer.input.literal()?;
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
