use std::fmt::{self, Display, Formatter};

use super::label::{lines, xml};
use super::style::{GRADIENT, INK, colours};
use super::{Edge, Graph, Kind, Node};

impl Graph {
    /// The graph in Graphviz's language: `dot -Tsvg` and many other programs draw it.
    ///
    /// ```
    /// # use typenet_core::graph::{Graph, Kind};
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
        writeln!(out, "  node [fontname=Helvetica, fontcolor=\"{INK}\"];")?;
        writeln!(out, "  edge [fontname=Helvetica, fontsize=12, color=\"{INK}\", arrowsize=0.7];")?;
        for (number, node) in graph.nodes.iter().enumerate() {
            writeln!(out, "  n{number} [label=\"{}\", {}];", quoted(&node.label), attributes(node))?;
        }
        for edge in &graph.edges {
            writeln!(out, "  n{} -> n{}{};", edge.from, edge.to, texts(edge))?;
        }
        writeln!(out, "}}")
    }
}

/// A node's look.
fn attributes(node: &Node) -> String {
    let shape = match node.kind {
        Kind::Constant => "shape=plaintext, fontsize=11, width=0, height=0",
        Kind::Input | Kind::Output => "shape=plaintext, width=0, height=0",
        Kind::Operator => "shape=circle, margin=0.03",
        Kind::Layer | Kind::Loss => "shape=box, margin=\"0.2,0.1\"",
        Kind::Parameter => "shape=box, fontsize=11, margin=\"0.1,0.05\"",
    };
    let rounded = if matches!(node.kind, Kind::Layer | Kind::Loss) { "\"rounded,filled\"" } else { "filled" };
    colours(node.kind).map_or_else(
        || shape.to_owned(),
        |(fill, border)| format!("{shape}, style={rounded}, fillcolor=\"{fill}\", color=\"{border}\""),
    )
}

/// The value above the gradient; nothing where there is neither.
fn texts(edge: &Edge) -> String {
    let value = (!edge.value.is_empty()).then(|| html(&edge.value));
    let gradient = (!edge.gradient.is_empty()).then(|| html(&edge.gradient));
    let gradient = gradient.map(|gradient| format!("<font color=\"{GRADIENT}\">{gradient}</font>"));
    let texts: Vec<_> = value.into_iter().chain(gradient).collect();
    if texts.is_empty() { String::new() } else { format!(" [label=<{}>]", texts.join("<br/>")) }
}

/// A text in one of Graphviz's labels that look like HTML. Some versions take a bracket for the end of `<![CDATA[`.
fn html(text: &str) -> String {
    lines(text).map(|line| xml(&line).replace('[', "&#91;").replace(']', "&#93;")).collect::<Vec<_>>().join("<br/>")
}

/// A text in quotes, where a backslash has a meaning, and `&name;` too.
fn quoted(text: &str) -> String {
    let escaped = lines(text).map(|line| line.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\""));
    escaped.collect::<Vec<_>>().join("\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(quoted("a\\n\"b\"\n&lt; <c>"), r#"a\\n\"b\"\n&amp;lt; <c>"#);
        assert_eq!(quoted("\\"), r"\\");
        let edge = Edge { from: 0, to: 1, value: "a<b>\n&]".to_owned(), gradient: "\"".to_owned() };
        assert_eq!(
            texts(&edge),
            format!(" [label=<a&lt;b&gt;<br/>&amp;&#93;<br/><font color=\"{GRADIENT}\">&quot;</font>>]")
        );
    }

    #[test]
    fn an_edge_without_texts_has_no_label() {
        assert_eq!(texts(&Edge { from: 0, to: 1, value: String::new(), gradient: String::new() }), "");
    }
}
