//! A network in a table.

use std::fmt::{self, Display, Formatter};
use std::iter;

use nalgebra::DimName;

use crate::graph::{Graph, one_line, thousands};
use crate::networks::layer_info::LayerInfo;
use crate::networks::network::Network;
use crate::scalar::Scalar;

/// A network as a table and as a picture; every [`Network`] has it.
pub trait Draw: Network {
    /// A table of its layers with their shapes and parameters, what memory these take, and what a sample costs.
    ///
    /// ```text
    /// println!("{}", net.summary());
    /// ```
    fn summary(&self) -> Summary {
        Summary::new(self)
    }

    /// Its layers as a graph, to be drawn: with how much each learns, and the shapes of what flows between them, `N` samples at
    /// a time.
    ///
    /// ```text
    /// std::fs::write("net.svg", net.graph().to_svg())?;
    /// ```
    fn graph(&self) -> Graph {
        crate::networks::drawing::graph(self)
    }
}

impl<Net: Network> Draw for Net {}

/// What a network is made of and what it costs, layer by layer; [`Draw::summary`] makes it, and it is displayed as a table.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The network's name.
    pub network: &'static str,
    /// How many features it takes.
    pub inputs: usize,
    /// How many features its last layer gives.
    pub outputs: usize,
    /// Its layers, from first to last.
    pub layers: Vec<LayerSummary>,
    /// The type of its loss, as the declaration has it.
    pub loss: &'static str,
}

/// A layer in a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSummary {
    /// Its name in the network, such as `affine1`.
    pub name: &'static str,
    /// Its type as the declaration has it, such as `Affine<784, 50>`.
    pub kind: &'static str,
    /// How many features it takes.
    pub inputs: usize,
    /// How many features it gives.
    pub outputs: usize,
    /// How many numbers it learns.
    pub parameters: usize,
    /// How much memory these take.
    pub bytes: usize,
    /// How many products it adds up for one sample, see [`Layer::multiply_adds`](crate::Layer::multiply_adds).
    pub multiply_adds: usize,
}

impl Summary {
    pub(crate) fn new<Net: Network>(network: &Net) -> Self {
        Self {
            network: Net::NAME,
            inputs: Net::Input::DIM,
            outputs: Net::Output::DIM,
            layers: network.layers().map(LayerSummary::new).collect(),
            loss: Net::LOSS,
        }
    }

    /// How many numbers the network learns.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// How much memory these take.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.bytes).sum()
    }

    /// How many products it adds up for one sample on the way forward; on the way back these are about twice as many.
    pub fn multiply_adds(&self) -> usize {
        self.layers.iter().map(|layer| layer.multiply_adds).sum()
    }
}

impl LayerSummary {
    fn new<T: Scalar>(layer: LayerInfo<'_, T>) -> Self {
        let LayerInfo { name, kind, inputs, outputs, multiply_adds, .. } = layer;
        let parameters = layer.parameter_count();
        Self { name, kind, inputs, outputs, parameters, bytes: parameters * size_of::<T>(), multiply_adds }
    }
}

/// The table's columns: from the fourth on they hold numbers.
const TITLES: [&str; COLUMNS] = ["layer", "type", "output", "parameters", "bytes", "multiply-adds"];
const COLUMNS: usize = 6;
const FIRST_NUMBER: usize = 3;

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let titles = TITLES.map(str::to_owned);
        let layers: Vec<_> = self.layers.iter().map(LayerSummary::row).collect();
        let loss = row(["loss", self.loss, ""], None);
        let total = row(["total", "", ""], Some([self.parameters(), self.bytes(), self.multiply_adds()]));
        let rows = || iter::once(&titles).chain(&layers).chain([&loss, &total]);
        let widths: [usize; COLUMNS] =
            std::array::from_fn(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or(0));
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (COLUMNS - 1));

        let features = if self.inputs == 1 { "feature" } else { "features" };
        writeln!(f, "{}: {} {features} in, {} out\n", self.network, thousands(self.inputs), thousands(self.outputs))?;
        write_row(f, &titles, &widths)?;
        writeln!(f, "{rule}")?;
        layers.iter().chain([&loss]).try_for_each(|row| write_row(f, row, &widths))?;
        writeln!(f, "{rule}")?;
        write_row(f, &total, &widths)
    }
}

impl LayerSummary {
    fn row(&self) -> [String; COLUMNS] {
        let output = format!("N x {}", self.outputs);
        row([self.name, self.kind, &output], Some([self.parameters, self.bytes, self.multiply_adds]))
    }
}

fn row([name, kind, output]: [&str; 3], numbers: Option<[usize; 3]>) -> [String; COLUMNS] {
    let [parameters, bytes, multiply_adds] = numbers.map_or_else(Default::default, |numbers| numbers.map(thousands));
    [name.to_owned(), one_line(kind), output.to_owned(), parameters, bytes, multiply_adds]
}

/// Texts to the left, numbers to the right.
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
    fn columns_are_as_wide_as_they_have_to_be() {
        let layer = |name, kind, parameters| LayerSummary {
            name,
            kind,
            inputs: 2,
            outputs: 2,
            parameters,
            bytes: 8 * parameters,
            multiply_adds: 0,
        };
        let layers = vec![layer("relu1", "Relu", 0), layer("längster", "mine::Own<2>", 1_000_000)];
        let summary = Summary { network: "Net", inputs: 2000, outputs: 2, layers, loss: "Mean" };
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
}
