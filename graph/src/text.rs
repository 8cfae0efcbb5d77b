use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use super::group::Step;
use super::label::{lines, one_line};
use super::{Edge, Graph, Kind};

/// Formats the graph for the terminal, from the inputs to the outputs.
///
/// Each operation is followed by its operands, with their values and, after an arrow, their derivatives. A node that is
/// used more than once is described once, and referred to by its name or number.
///
/// ```
/// # use typenet_graph::{Graph, Kind};
/// let mut graph = Graph::new();
/// let (apple, number) = (graph.node(Kind::Input, "apple"), graph.node(Kind::Input, "number"));
/// let times = graph.node(Kind::Operator, "×");
/// let price = graph.node(Kind::Output, "price");
/// graph.edge(apple, times, "100", "2");
/// graph.edge(number, times, "2", "100");
/// graph.edge(times, price, "200", "1");
/// let text = "\
/// [1] ×
///     apple   100  ← 2
///     number  2    ← 100
/// price
///     [1] ×  200  ← 1
/// ";
/// assert_eq!(graph.to_string(), text);
/// ```
impl Display for Graph {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut operands = vec![Vec::new(); self.nodes.len()];
        let mut used = vec![false; self.nodes.len()];
        for edge in &self.edges {
            operands[edge.to].push(edge);
            used[edge.from] = true;
        }
        let names = names(self);
        for step in self.steps() {
            match step {
                Step::Open(group, depth) => {
                    writeln!(f, "{:1$}{2}", "", INDENT * depth, one_line(&self.groups[group].title))?;
                }
                // Inputs are shown at their uses, so they get no entry unless they have a derivative to show.
                Step::Node(place, _)
                    if operands[place].is_empty() && used[place] && self.nodes[place].gradient.is_empty() => {}
                Step::Node(place, depth) => {
                    let details = details(&self.nodes[place].text());
                    let gap = if details.is_empty() { "" } else { "  " };
                    writeln!(f, "{:1$}{2}{gap}{details}", "", INDENT * depth, names[place])?;
                    write_operands(self, &operands[place], &names, depth, f)?;
                }
                Step::Close(_) => {}
            }
        }
        Ok(())
    }
}

/// The indentation inside a box.
const INDENT: usize = 2;

/// Writes one line per operand, in columns.
fn write_operands(
    graph: &Graph,
    operands: &[&Edge],
    names: &[String],
    depth: usize,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let rows: Vec<[String; 3]> = operands
        .iter()
        .map(|edge| {
            let value = if edge.value.is_empty() && is_source(graph.nodes[edge.from].kind) {
                details(&graph.nodes[edge.from].label)
            } else {
                one_line(&edge.value)
            };
            let gradient = one_line(&edge.gradient);
            let gradient = if gradient.is_empty() { gradient } else { format!("← {gradient}") };
            [names[edge.from].clone(), value, gradient]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [name, value, gradient] in &rows {
        let line = format!("    {name:first$}  {value:second$}  {gradient}");
        writeln!(f, "{:1$}{2}", "", INDENT * depth, line.trim_end())?;
    }
    Ok(())
}

fn is_source(kind: Kind) -> bool {
    matches!(kind, Kind::Input | Kind::Constant | Kind::Parameter)
}

/// The name of each node: the first line of its label, or its full name in a box, after a number if the name is ambiguous.
fn names(graph: &Graph) -> Vec<String> {
    let mut firsts: Vec<String> =
        graph.nodes.iter().map(|node| lines(&node.label).next().unwrap_or_default()).collect();
    for (node, name) in graph.groups.iter().flat_map(|group| &group.members) {
        firsts[*node] = one_line(name);
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for first in &firsts {
        *counts.entry(first).or_default() += 1;
    }
    let mut number = 0;
    let mut name = |(kind, first): (Kind, &String)| {
        // Equal constants are interchangeable, so they share a name.
        let plain =
            kind == Kind::Constant || (kind != Kind::Operator && !first.is_empty() && counts[first.as_str()] == 1);
        if plain {
            return first.clone();
        }
        number += 1;
        format!("[{number}] {first}").trim_end().to_owned()
    };
    graph.nodes.iter().map(|node| node.kind).zip(&firsts).map(&mut name).collect()
}

/// The lines of a label after the first.
fn details(label: &str) -> String {
    lines(label).skip(1).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_with_several_uses_are_described_once() {
        let mut graph = Graph::new();
        let x = graph.node(Kind::Input, "x");
        let square = graph.node(Kind::Operator, "×");
        let sum = graph.node(Kind::Operator, "+");
        graph.edge(x, square, "3", "18");
        graph.edge(x, square, "3", "18");
        graph.edge(square, sum, "9", "1");
        graph.edge(square, sum, "9", "1");
        let text = "\
[1] ×
    x  3  ← 18
    x  3  ← 18
[2] +
    [1] ×  9  ← 1
    [1] ×  9  ← 1
";
        assert_eq!(graph.to_string(), text);
    }

    #[test]
    fn the_derivative_of_an_input_is_shown() {
        let mut graph = Graph::new();
        let (x, square) = (graph.node(Kind::Input, "x"), graph.node(Kind::Operator, "×"));
        graph.gradient(x, "dx = 6");
        graph.edge(x, square, "3", "3");
        graph.edge(x, square, "3", "3");
        assert_eq!(graph.to_string(), "x  dx = 6\n[1] ×\n    x  3  ← 3\n    x  3  ← 3\n");
    }

    #[test]
    fn ambiguous_names_get_numbers() {
        let mut graph = Graph::new();
        for (kind, label) in [(Kind::Input, "x"), (Kind::Input, "x"), (Kind::Constant, "2"), (Kind::Constant, "2")] {
            graph.node(kind, label);
        }
        graph.node(Kind::Input, "");
        assert_eq!(graph.to_string(), "[1] x\n[2] x\n2\n2\n[3]\n");
    }

    #[test]
    fn layers_show_their_parameters() {
        let mut graph = Graph::new();
        let (x, weight) = (graph.node(Kind::Input, "x"), graph.node(Kind::Parameter, "affine1.weight\n784 x 50"));
        let layer = graph.node(Kind::Layer, "affine1\nAffine<784, 50>");
        graph.edge(x, layer, "N x 784", "");
        graph.edge(weight, layer, "", "");
        let text = "\
affine1  Affine<784, 50>
    x               N x 784
    affine1.weight  784 x 50
";
        assert_eq!(graph.to_string(), text);
    }

    #[test]
    fn an_empty_graph_is_an_empty_text() {
        assert_eq!(Graph::new().to_string(), "");
    }
}
