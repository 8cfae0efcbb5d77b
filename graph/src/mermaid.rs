use std::fmt::{self, Display, Formatter};

use super::group::Step;
use super::label::lines;
use super::style::{INK, colors, group_colors};
use super::{Edge, Graph, Kind, Node};

impl Graph {
    /// Formats the graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.
    ///
    /// Each derivative is below its value, after an arrow to the left. Mermaid rejects graphs with more than 500 edges,
    /// unless its setting `maxEdges` is larger.
    ///
    /// ```
    /// # use typenet_graph::{Graph, Kind};
    /// let mut graph = Graph::new();
    /// let (x, exp) = (graph.node(Kind::Input, "x"), graph.node(Kind::Operator, "exp"));
    /// graph.edge(x, exp, "0", "1");
    /// assert!(graph.to_mermaid().contains(r#"n0 -->|"0<br/>← 1"| n1"#));
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        Mermaid(self).to_string()
    }
}

struct Mermaid<'a>(&'a Graph);

impl Display for Mermaid<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self(graph) = self;
        writeln!(out, "flowchart LR")?;
        for step in graph.steps() {
            match step {
                Step::Open(group, _) => {
                    writeln!(out, "  subgraph g{group}[\"{}\"]", escaped(&graph.groups[group].title))?;
                }
                Step::Node(number, _) => writeln!(out, "  n{number}{}", shape(&graph.nodes[number]))?,
                Step::Close(_) => writeln!(out, "  end")?,
            }
        }
        for Edge { from, to, value, gradient } in &graph.edges {
            writeln!(out, "  n{from} -->{} n{to}", texts(value, gradient))?;
        }
        writeln!(out, "  classDef plain fill:none,stroke:none")?;
        for group in 0..graph.groups.len() {
            let (fill, border) = group_colors(graph.around(graph.groups[group].parent).count());
            writeln!(out, "  style g{group} fill:{fill},stroke:{border},color:{INK}")?;
        }
        for kind in [Kind::Operator, Kind::Layer, Kind::Parameter, Kind::Loss] {
            let Some((fill, border)) = colors(kind) else { continue };
            writeln!(out, "  classDef {} fill:{fill},stroke:{border},color:{INK}", class(kind))?;
        }
        Ok(())
    }
}

/// A node's text, in the brackets that determine its shape, and its style class.
fn shape(node: &Node) -> String {
    let (open, close) = match node.kind {
        Kind::Operator => ("((", "))"),
        Kind::Layer | Kind::Loss => ("(", ")"),
        Kind::Input | Kind::Constant | Kind::Output | Kind::Parameter => ("[", "]"),
    };
    format!("{open}\"{}\"{close}:::{}", escaped(&node.text()), class(node.kind))
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Input | Kind::Constant | Kind::Output => "plain",
        Kind::Operator => "operator",
        Kind::Layer => "layer",
        Kind::Parameter => "parameter",
        Kind::Loss => "loss",
    }
}

/// The text of an edge: the value above the gradient, or an empty string without either.
fn texts(value: &str, gradient: &str) -> String {
    match (value.is_empty(), gradient.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("|\"{}\"|", escaped(value)),
        (true, false) => format!("|\"← {}\"|", escaped(gradient)),
        (false, false) => format!("|\"{}<br/>← {}\"|", escaped(value), escaped(gradient)),
    }
}

/// Escapes a text in quotes.
///
/// Mermaid parses Markdown, HTML, formulas and its own syntax there, so all special characters become numeric codes.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = lines(text).map(|line| escaped_line(&line)).collect();
    // Mermaid does not accept an empty text.
    if lines.iter().all(String::is_empty) { " ".to_owned() } else { lines.join("<br/>") }
}

fn escaped_line(line: &str) -> String {
    let next = line.chars().skip(1).map(Some).chain([None]);
    let escaped = line.chars().zip(next).map(|(c, next)| {
        // `1. ` and `- ` begin a list, but `1.5` and `-1` do not.
        let inside = matches!(c, '.' | '-') && next.is_some_and(|next| next.is_ascii_alphanumeric());
        let plain = inside || c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, ' ' | ',');
        if plain { c.to_string() } else { format!("#{};", u32::from(c)) }
    });
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_numeric_codes() {
        assert_eq!(escaped("-1.5e-5 × y"), "-1.5e-5 × y");
        assert_eq!(escaped("1. a\n- b\n+"), "1#46; a<br/>#45; b<br/>#43;");
        assert_eq!(escaped("\"]|<b>`$$#"), "#34;#93;#124;#60;b#62;#96;#36;#36;#35;");
        assert_eq!(escaped(""), " ");
    }

    #[test]
    fn edges_show_the_value_and_the_gradient() {
        assert_eq!(texts("", ""), "");
        assert_eq!(texts("1", ""), "|\"1\"|");
        assert_eq!(texts("", "2"), "|\"← 2\"|");
        assert_eq!(texts("1", "2"), "|\"1<br/>← 2\"|");
    }
}
