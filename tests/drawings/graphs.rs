//! Graphs for the drawing tests, most from the book's chapter on backpropagation.

use typenet::graph::{Graph, Kind, number};
use typenet::prelude::*;
use typenet::rand::RngExt;

/// Two apples at 100 each, and 10 % tax.
pub fn apples() -> Graph {
    #[differentiable]
    fn price<T: Scalar>(apple: T, number: T, tax: T) -> T {
        apple * number * tax
    }
    price::forward(100.0, 2.0, 1.1).graph_with_gradients(1.0)
}

/// Two apples at 100, three oranges at 150, and 10 % tax.
pub fn apples_and_oranges() -> Graph {
    #[differentiable]
    fn price<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
        (apple * apples + orange * oranges) * tax
    }
    price::forward(100.0, 2.0, 150.0, 3.0, 1.1).graph_with_gradients(1.0)
}

/// `z = (x + y)²` at 1 and 2.
pub fn square_of_a_sum() -> Graph {
    #[differentiable]
    fn z<T: Scalar>(x: T, y: T) -> T {
        let t = x + y;
        t.powi(2)
    }
    z::forward(1.0, 2.0).graph_with_gradients(1.0)
}

/// `y = 1 / (1 + exp(-x))` at 0.5, step by step.
pub fn sigmoid() -> Graph {
    #[differentiable]
    fn y<T: Scalar>(x: T) -> T {
        T::one() / (T::one() + (-x).exp())
    }
    y::forward(0.5).graph_with_gradients(1.0)
}

/// `x · x` at 3: two edges between the same nodes.
pub fn square() -> Graph {
    #[differentiable]
    fn square<T: Scalar>(x: T) -> T {
        x * x
    }
    square::forward(3.0).graph_with_gradients(1.0)
}

/// A value used five times.
pub fn used_often() -> Graph {
    #[differentiable]
    fn y<T: Scalar>(x: T) -> T {
        x * x + x.exp() * x + x.powi(3)
    }
    y::forward(0.5).graph_with_gradients(1.0)
}

/// An operation with `count` operands.
pub fn operands(count: usize) -> Graph {
    let mut graph = Graph::new();
    let inputs: Vec<usize> = (0..count).map(|input| graph.node(Kind::Input, format!("x{input}"))).collect();
    let sum = graph.node(Kind::Operator, "+");
    for input in inputs {
        graph.edge(input, sum, "1", "0.5");
    }
    let output = graph.node(Kind::Output, "y");
    graph.edge(sum, output, number(count as f64), "0.5");
    graph
}

/// Random sums and products of earlier nodes.
pub fn random(nodes: usize) -> Graph {
    let mut rng = StdRng::seed_from_u64(1);
    let mut graph = Graph::new();
    let inputs = nodes / 6 + 1;
    for input in 0..inputs {
        graph.node(Kind::Input, format!("x{input}"));
    }
    for node in inputs..nodes {
        let label = ["+", "×", "max", "÷"][rng.random_range(0..4)];
        let to = graph.node(Kind::Operator, label);
        for _ in 0..2 {
            let value = || number(node as f64 * 1.25);
            graph.edge(rng.random_range(0..node), to, value(), number(rng.random_range(-1.0..1.0)));
        }
    }
    graph
}

/// Labels that break unescaped output, in all kinds of nodes and on both sides of an edge.
pub fn hostile() -> Graph {
    let labels = [
        "\"",
        "'",
        "\\",
        "\\n",
        "\\\"",
        "a\nb",
        "<b>bold</b>",
        "</svg>",
        "<!--",
        "]]>",
        "&",
        "&amp;",
        "&#0;",
        "]",
        "]|",
        "|",
        "((",
        "))",
        "{{",
        "}}",
        "end",
        "#quot;",
        "#35;",
        ";",
        ":::",
        "%%",
        "%% comment",
        "%%{init: {}}%%",
        "`code`",
        "**bold**",
        "1. one",
        "- item",
        "+",
        "-",
        "$$x^2$$",
        "-->",
        "--- x",
        "\u{0}\u{1}\u{1b}[31m\u{7f}\u{85}",
        "\u{fffe}\u{ffff}",
        "\t\r",
        "\n",
        "",
        " ",
        "×",
        "日本語",
        "\u{202e}ab",
        "fa:fa-car",
        "https://example.com",
        "graph",
        "subgraph",
        "click n0 \"x\"",
        "@{ shape: x }",
        "a very long label that nobody would write, to see how far a box can grow without anything being cut off at its ends",
    ];
    let kinds = [Kind::Input, Kind::Operator, Kind::Layer, Kind::Parameter, Kind::Loss, Kind::Constant, Kind::Output];
    let mut graph = Graph::new();
    for (place, label) in labels.iter().enumerate() {
        graph.node(kinds[place % kinds.len()], *label);
    }
    for (place, label) in labels.iter().enumerate().skip(1) {
        graph.edge(place / 3, place, *label, labels[labels.len() - place]);
    }
    graph
}
