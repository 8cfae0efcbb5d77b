use std::fmt::{self, Display, Formatter};

use super::label::lines;
use super::style::{INK, colours};
use super::{Edge, Graph, Kind, Node};

impl Graph {
    /// The graph as a flowchart in Mermaid's language, which GitHub and GitLab draw in Markdown. A derivative stands below its
    /// value, with an arrow to the left before it.
    ///
    /// Mermaid refuses more than 500 edges, unless its setting `maxEdges` is larger.
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
        for (number, node) in graph.nodes.iter().enumerate() {
            writeln!(out, "  n{number}{}", shape(node))?;
        }
        for Edge { from, to, value, gradient } in &graph.edges {
            writeln!(out, "  n{from} -->{} n{to}", texts(value, gradient))?;
        }
        writeln!(out, "  classDef plain fill:none,stroke:none")?;
        for kind in [Kind::Operator, Kind::Layer, Kind::Parameter, Kind::Loss] {
            let Some((fill, border)) = colours(kind) else { continue };
            writeln!(out, "  classDef {} fill:{fill},stroke:{border},color:{INK}", class(kind))?;
        }
        Ok(())
    }
}

/// A node's text in the brackets that give it its shape, and the name of its look.
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

/// The value above the gradient; nothing where there is neither.
fn texts(value: &str, gradient: &str) -> String {
    match (value.is_empty(), gradient.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("|\"{}\"|", escaped(value)),
        (true, false) => format!("|\"← {}\"|", escaped(gradient)),
        (false, false) => format!("|\"{}<br/>← {}\"|", escaped(value), escaped(gradient)),
    }
}

/// A text in quotes. Mermaid reads Markdown, HTML, formulas and its own signs there, so all that is not plain is written as
/// a number.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = lines(text).map(|line| escaped_line(&line)).collect();
    // Mermaid has no empty text.
    if lines.iter().all(String::is_empty) { " ".to_owned() } else { lines.join("<br/>") }
}

fn escaped_line(line: &str) -> String {
    let next = line.chars().skip(1).map(Some).chain([None]);
    let escaped = line.chars().zip(next).map(|(c, next)| {
        // `1. ` and `- ` begin a list, `1.5` and `-1` do not.
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
    fn what_has_a_meaning_is_a_number() {
        assert_eq!(escaped("-1.5e-5 × y"), "-1.5e-5 × y");
        assert_eq!(escaped("1. a\n- b\n+"), "1#46; a<br/>#45; b<br/>#43;");
        assert_eq!(escaped("\"]|<b>`$$#"), "#34;#93;#124;#60;b#62;#96;#36;#36;#35;");
        assert_eq!(escaped(""), " ");
    }

    #[test]
    fn an_edge_shows_what_it_has() {
        assert_eq!(texts("", ""), "");
        assert_eq!(texts("1", ""), "|\"1\"|");
        assert_eq!(texts("", "2"), "|\"← 2\"|");
        assert_eq!(texts("1", "2"), "|\"1<br/>← 2\"|");
    }
}
