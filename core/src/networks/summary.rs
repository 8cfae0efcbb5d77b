//! A network as a table.

use std::fmt::{self, Display, Formatter};
use std::iter;

use nalgebra::DimName;

use crate::graph::{Graph, Inside, one_line, thousands};
use crate::layers::LayerInfo;
use crate::networks::drawing::{self, shape};
use crate::networks::network::Network;
use crate::scalar::Scalar;
use crate::shape::Shape;

/// Summaries and drawings of a network; every [`Network`] implements it.
pub trait Draw: Network {
    /// A table of the layers: shapes, parameters, memory and multiply-adds.
    ///
    /// ```text
    /// println!("{}", net.summary());
    /// ```
    fn summary(&self) -> Summary {
        Summary::new(self)
    }

    /// The layers as a graph for drawing, with parameter counts and the shapes between layers for `N` samples.
    ///
    /// ```text
    /// std::fs::write("net.svg", net.graph().to_svg())?;
    /// ```
    fn graph(&self) -> Graph {
        drawing::graph(self)
    }
}

impl<Net: Network> Draw for Net {}

/// The layers of a network and their costs, displayed as a table; see [`Draw::summary`].
///
/// ```text
/// TwoLayerNet: 784 features in, 10 out
///
/// layer    type             output  parameters    bytes  multiply-adds
/// ────────────────────────────────────────────────────────────────────
/// affine1  Affine<784, 50>  N x 50      39,250  157,000         39,200
/// relu1    Relu             N x 50           0        0              0
/// affine2  Affine<50, 10>   N x 10         510    2,040            500
/// loss     SoftmaxWithLoss
/// ────────────────────────────────────────────────────────────────────
/// total                                 39,760  159,040         39,700
/// ```
///
/// Below the row of a block, which includes the numbers of its inner layers, each of these has an indented row. A skip
/// connection is a row without a type.
///
/// ```text
/// residual1  Residual        N x 50       2,550   10,200          2,500
///   affine1  Affine<50, 50>  N x 50       2,550   10,200          2,500
///   tanh1    Tanh            N x 50           0        0              0
///   skip                     N x 50
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// The number of input features.
    pub inputs: usize,
    /// The number of classes, if the input is a class number.
    pub classes: Option<usize>,
    /// The number of output features.
    pub outputs: usize,
    /// The layers, from first to last.
    pub layers: Vec<LayerSummary>,
    /// The type of the loss, as written in the declaration.
    pub loss: &'static str,
}

/// A layer in a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LayerSummary {
    /// The layer's name in the network, such as `affine1`.
    pub name: &'static str,
    /// The layer's type as written in the declaration, such as `Affine<784, 50>`.
    pub kind: &'static str,
    /// The number of input features.
    pub inputs: usize,
    /// The number of output features.
    pub outputs: usize,
    /// The channels, height and width of the input, if it is an image.
    pub input_image: Option<[usize; 3]>,
    /// The channels, height and width of the output, if it is an image.
    pub output_image: Option<[usize; 3]>,
    /// The number of learned values.
    pub parameters: usize,
    /// The memory of the parameters, in bytes.
    pub bytes: usize,
    /// Multiply-adds for one sample; see [`Infer::MULTIPLY_ADDS`](crate::Infer::MULTIPLY_ADDS).
    pub multiply_adds: usize,
    /// The inner layers, whose numbers are included in those of this layer.
    pub inside: Option<Inside<Self>>,
}

impl Summary {
    pub(crate) fn new<Net: Network>(network: &Net) -> Self {
        Self {
            network: Net::NAME,
            inputs: Net::Input::DIM,
            classes: Net::Input::CLASSES,
            outputs: Net::Output::DIM,
            layers: network.layers().map(|layer| LayerSummary::new(&layer)).collect(),
            loss: Net::LOSS,
        }
    }

    /// The number of learned values in the network.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// The memory of all parameters, in bytes.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.bytes).sum()
    }

    /// Multiply-adds for one sample in the forward pass; the backward pass takes about twice as many.
    pub fn multiply_adds(&self) -> usize {
        self.layers.iter().map(|layer| layer.multiply_adds).sum()
    }
}

impl LayerSummary {
    fn new<T: Scalar>(layer: &LayerInfo<'_, T>) -> Self {
        let &LayerInfo { name, kind, inputs, outputs, input_image, output_image, multiply_adds, ref inside, .. } =
            layer;
        let parameters = layer.parameter_count();
        let bytes = parameters * size_of::<T>();
        let inside = inside.as_ref().map(|inside| inside.map(Self::new));
        Self { name, kind, inputs, outputs, input_image, output_image, parameters, bytes, multiply_adds, inside }
    }
}

/// The titles of the columns. Columns from [`FIRST_NUMBER`] on hold numbers.
const TITLES: [&str; COLUMNS] = ["layer", "type", "output", "parameters", "bytes", "multiply-adds"];
const COLUMNS: usize = 6;
const FIRST_NUMBER: usize = 3;

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let titles = TITLES.map(str::to_owned);
        let mut layers = Vec::new();
        for layer in &self.layers {
            layer.add_rows(0, &mut layers);
        }
        let loss = row(["loss", self.loss, ""], None);
        let total = row(["total", "", ""], Some([self.parameters(), self.bytes(), self.multiply_adds()]));
        let rows = || iter::once(&titles).chain(&layers).chain([&loss, &total]);
        let widths: [usize; COLUMNS] =
            std::array::from_fn(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or(0));
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (COLUMNS - 1));

        let image = self.layers.first().and_then(|layer| layer.input_image);
        let input = match (self.classes, image, self.inputs) {
            (Some(classes), ..) => format!("1 of {} classes", thousands(classes)),
            (None, Some(_), inputs) => format!("images of {}", shape(inputs, image)),
            (None, None, 1) => "1 feature".to_owned(),
            (None, None, inputs) => format!("{} features", thousands(inputs)),
        };
        writeln!(f, "{}: {input} in, {} out\n", self.network, thousands(self.outputs))?;
        write_row(f, &titles, &widths)?;
        writeln!(f, "{rule}")?;
        layers.iter().chain([&loss]).try_for_each(|row| write_row(f, row, &widths))?;
        writeln!(f, "{rule}")?;
        write_row(f, &total, &widths)
    }
}

impl LayerSummary {
    /// Adds the layer's row and, one level deeper, the rows of its inner layers.
    fn add_rows(&self, depth: usize, rows: &mut Vec<[String; COLUMNS]>) {
        let output = format!("N x {}", shape(self.outputs, self.output_image));
        let kind = self.inside.as_ref().map_or(self.kind, |inside| inside.short_kind(self.kind));
        let numbers = [self.parameters, self.bytes, self.multiply_adds];
        rows.push(row([&indented(self.name, depth), kind, &output], Some(numbers)));
        let branches = self.inside.as_ref().map_or(&[][..], Inside::branches);
        let count = branches.iter().filter(|branch| !branch.is_empty()).count();
        for (place, branch) in branches.iter().enumerate().filter(|_| count > 0) {
            let mut depth = depth + 1;
            if branch.is_empty() {
                let output = format!("N x {}", shape(self.inputs, self.input_image));
                rows.push(row([&indented("skip", depth), "", &output], None));
            } else if count > 1 {
                rows.push(row([&indented(&format!("branch {place}"), depth), "", ""], None));
                depth += 1;
            }
            for layer in branch {
                layer.add_rows(depth, rows);
            }
        }
    }
}

/// A name after two spaces for each level.
fn indented(name: &str, depth: usize) -> String {
    format!("{:1$}{name}", "", 2 * depth)
}

fn row([name, kind, output]: [&str; 3], numbers: Option<[usize; 3]>) -> [String; COLUMNS] {
    let [parameters, bytes, multiply_adds] = numbers.map_or_else(Default::default, |numbers| numbers.map(thousands));
    [name.to_owned(), one_line(kind), output.to_owned(), parameters, bytes, multiply_adds]
}

/// Writes a row: texts left-aligned, numbers right-aligned.
fn write_row(f: &mut Formatter<'_>, row: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> fmt::Result {
    let cells = row.iter().zip(widths).enumerate().map(|(column, (text, &width))| {
        if column < FIRST_NUMBER { format!("{text:width$}") } else { format!("{text:>width$}") }
    });
    writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let layer = |name, kind, parameters| LayerSummary {
            name,
            kind,
            inputs: 2,
            outputs: 2,
            input_image: None,
            output_image: None,
            parameters,
            bytes: 8 * parameters,
            multiply_adds: 0,
            inside: None,
        };
        let layers = vec![layer("relu1", "Relu", 0), layer("längster", "mine::Own<2>", 1_000_000)];
        let summary = Summary { network: "Net", inputs: 2000, classes: None, outputs: 2, layers, loss: "Mean" };
        let table = "\
Net: 2,000 features in, 2 out

layer     type          output  parameters      bytes  multiply-adds
────────────────────────────────────────────────────────────────────
relu1     Relu          N x 2            0          0              0
längster  mine::Own<2>  N x 2    1,000,000  8,000,000              0
loss      Mean
────────────────────────────────────────────────────────────────────
total                            1,000,000  8,000,000              0
";
        assert_eq!(summary.to_string(), table);
    }

    #[test]
    fn inner_layers_are_indented_and_not_counted_twice() {
        let layer = |name, kind, parameters, inside| LayerSummary {
            name,
            kind,
            inputs: 2,
            outputs: 2,
            input_image: None,
            output_image: None,
            parameters,
            bytes: 4 * parameters,
            multiply_adds: 1,
            inside,
        };
        let affine = |name| layer(name, "Affine<2, 2>", 6, None);
        let block = layer("hidden1", "Hidden<2>", 12, Some(Inside::Chain(vec![affine("affine1"), affine("affine2")])));
        let skip = Inside::Sum(vec![vec![block.clone()], vec![]]);
        let residual = layer("residual1", "Residual[Hidden<2>]", 12, Some(skip));
        let branches = Inside::Concat(vec![vec![affine("affine1")], vec![affine("affine1"), block], vec![]]);
        let concat = layer("concat1", "Concat[Affine<2, 2> | Affine<2, 2> -> Hidden<2>]", 24, Some(branches));
        let layers = vec![residual, layer("nothing1", "Nothing", 0, Some(Inside::Chain(vec![]))), concat];
        let summary = Summary { network: "Net", inputs: 2, classes: None, outputs: 2, layers, loss: "Mean" };
        let table = "\
Net: 2 features in, 2 out

layer          type          output  parameters  bytes  multiply-adds
─────────────────────────────────────────────────────────────────────
residual1      Residual      N x 2           12     48              1
  hidden1      Hidden<2>     N x 2           12     48              1
    affine1    Affine<2, 2>  N x 2            6     24              1
    affine2    Affine<2, 2>  N x 2            6     24              1
  skip                       N x 2
nothing1       Nothing       N x 2            0      0              1
concat1        Concat        N x 2           24     96              1
  branch 0
    affine1    Affine<2, 2>  N x 2            6     24              1
  branch 1
    affine1    Affine<2, 2>  N x 2            6     24              1
    hidden1    Hidden<2>     N x 2           12     48              1
      affine1  Affine<2, 2>  N x 2            6     24              1
      affine2  Affine<2, 2>  N x 2            6     24              1
  skip                       N x 2
loss           Mean
─────────────────────────────────────────────────────────────────────
total                                        36    144              3
";
        assert_eq!(summary.to_string(), table);
    }
}
