use std::fmt::{self, Display, Formatter};

use super::group::Step;
use super::label::{lines, xml};
use super::style::{GRADIENT, INK, colors, group_colors};
use super::{Edge, Graph, Kind, Node};

impl Graph {
    /// Formats the graph in Graphviz's language DOT, which `dot -Tsvg` and many other programs draw.
    ///
    /// ```
    /// # use typenet_graph::{Graph, Kind};
    /// let mut graph = Graph::new();
    /// let (x, exp) = (graph.node(Kind::Input, "x"), graph.node(Kind::Operator, "exp"));
    /// graph.edge(x, exp, "0", "1");
    /// assert!(graph.to_dot().starts_with("digraph {"));
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        Dot(self).to_string()
    }
}

struct Dot<'a>(&'a Graph);

impl Display for Dot<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self(graph) = self;
        writeln!(out, "digraph {{")?;
        writeln!(out, "  graph [rankdir=LR, ordering=in, bgcolor=white, fontname=Helvetica];")?;
        writeln!(out, "  node [fontname=Helvetica, fontcolor=\"{INK}\", color=\"{INK}\"];")?;
        writeln!(out, "  edge [fontname=Helvetica, fontsize=12, color=\"{INK}\", arrowsize=0.7];")?;
        for step in graph.steps() {
            match step {
                Step::Open(group, depth) => {
                    let (title, (fill, border)) = (quoted(&graph.groups[group].title), group_colors(depth));
                    writeln!(out, "  subgraph cluster_{group} {{")?;
                    writeln!(
                        out,
                        "  label=\"{title}\"; labeljust=l; style=\"rounded,filled\"; fillcolor=\"{fill}\"; color=\"{border}\";"
                    )?;
                }
                Step::Node(number, _) => {
                    let node = &graph.nodes[number];
                    writeln!(out, "  n{number} [label={}, {}];", label(node), attributes(node))?;
                }
                Step::Close(_) => writeln!(out, "  }}")?,
            }
        }
        for (number, edge) in graph.edges.iter().enumerate() {
            write_edge(number, edge, out)?;
        }
        writeln!(out, "}}")
    }
}

/// A node's label, with quotes or as HTML.
fn label(Node { label, gradient, .. }: &Node) -> String {
    if gradient.is_empty() {
        return format!("\"{}\"", quoted(label));
    }
    format!("<{}<br/><font color=\"{GRADIENT}\">{}</font>>", html(label), html(gradient))
}

/// The attributes for a node's look.
fn attributes(node: &Node) -> String {
    let shape = match node.kind {
        Kind::Constant => "shape=plaintext, fontsize=11, width=0, height=0",
        Kind::Input | Kind::Output => "shape=plaintext, width=0, height=0",
        Kind::Operator => "shape=circle, margin=0.03",
        Kind::Layer | Kind::Loss => "shape=box, margin=\"0.2,0.1\"",
        Kind::Parameter => "shape=box, fontsize=11, margin=\"0.1,0.05\"",
    };
    let rounded = if matches!(node.kind, Kind::Layer | Kind::Loss) { "\"rounded,filled\"" } else { "filled" };
    colors(node.kind).map_or_else(
        || shape.to_owned(),
        |(fill, border)| format!("{shape}, style={rounded}, fillcolor=\"{fill}\", color=\"{border}\""),
    )
}

/// Writes an edge with its texts.
///
/// Graphviz puts texts on one side of a line only. So an edge with two texts gets a node in its middle, whose horizontal
/// rule continues the line between them.
fn write_edge(number: usize, edge: &Edge, out: &mut Formatter<'_>) -> fmt::Result {
    let Edge { from, to, value, gradient } = edge;
    let below = format!("<font color=\"{GRADIENT}\">{}</font>", html(gradient));
    match (value.is_empty(), gradient.is_empty()) {
        (true, true) => writeln!(out, "  n{from} -> n{to};"),
        (false, true) => writeln!(out, "  n{from} -> n{to} [label=<{}>];", html(value)),
        (true, false) => writeln!(out, "  n{from} -> n{to} [label=<{below}>];"),
        (false, false) => {
            writeln!(
                out,
                "  e{number} [shape=plain, fontsize=12, label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" \
                 cellpadding=\"2\"><tr><td>{}</td></tr><hr/><tr><td>{below}</td></tr></table>>];",
                html(value)
            )?;
            writeln!(out, "  n{from} -> e{number}:w [arrowhead=none]; e{number}:e -> n{to};")
        }
    }
}

/// Escapes a text in an HTML-like label. Some versions of Graphviz mistake a bracket for the end of `<![CDATA[`.
fn html(text: &str) -> String {
    lines(text).map(|line| xml(&line).replace('[', "&#91;").replace(']', "&#93;")).collect::<Vec<_>>().join("<br/>")
}

/// Escapes a text in quotes, where backslashes and `&name;` are special.
fn quoted(text: &str) -> String {
    let escaped = lines(text).map(|line| line.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\""));
    escaped.collect::<Vec<_>>().join("\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(quoted("a\\n\"b\"\n&lt; <c>"), r#"a\\n\"b\"\n&amp;lt; <c>"#);
        assert_eq!(quoted("\\"), r"\\");
        assert_eq!(html("a<b>\n&]\""), "a&lt;b&gt;<br/>&amp;&#93;&quot;");
    }

    /// The output for an edge with those texts.
    fn edge(value: &str, gradient: &str) -> String {
        let mut graph = Graph::new();
        let (from, to) = (graph.node(Kind::Input, "x"), graph.node(Kind::Output, "y"));
        graph.edge(from, to, value, gradient);
        graph.to_dot().lines().skip(6).collect()
    }

    #[test]
    fn the_derivative_of_a_node_is_blue() {
        let mut graph = Graph::new();
        let x = graph.node(Kind::Input, "x");
        assert!(graph.to_dot().contains("n0 [label=\"x\","));
        graph.gradient(x, "dx = 6");
        let label = format!("n0 [label=<x<br/><font color=\"{GRADIENT}\">dx = 6</font>>,");
        assert!(graph.to_dot().contains(&label), "{}", graph.to_dot());
    }

    #[test]
    fn the_value_is_above_the_line_and_the_gradient_below() {
        assert_eq!(edge("", ""), "  n0 -> n1;}");
        assert_eq!(edge("1", ""), "  n0 -> n1 [label=<1>];}");
        assert_eq!(edge("", "2"), format!("  n0 -> n1 [label=<<font color=\"{GRADIENT}\">2</font>>];}}"));
        let both = edge("1", "2");
        assert!(both.contains("<td>1</td></tr><hr/>") && both.contains(">2</font></td></tr></table>"), "{both}");
        assert!(both.ends_with("  n0 -> e0:w [arrowhead=none]; e0:e -> n1;}"), "{both}");
    }
}
