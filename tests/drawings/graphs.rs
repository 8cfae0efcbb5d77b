//! The graphs that are drawn, most of them from the book's chapter on backpropagation.

use typenet::graph::{Graph, Kind, number};
use typenet::rand::{RngExt, SeedableRng, rngs::StdRng};

/// A graph that is built up with the values of its formula; derivatives are given, as the book gives them.
#[derive(Default)]
struct Formula {
    graph: Graph,
    values: Vec<f64>,
}

impl Formula {
    fn input(&mut self, name: &str, value: f64) -> usize {
        self.values.push(value);
        self.graph.node(Kind::Input, name)
    }

    fn constant(&mut self, value: f64) -> usize {
        self.values.push(value);
        self.graph.node(Kind::Constant, number(value))
    }

    /// An operation with its result, and its operands with the derivatives by them.
    fn operator(&mut self, label: &str, value: f64, operands: &[(usize, f64)]) -> usize {
        self.values.push(value);
        let node = self.graph.node(Kind::Operator, label);
        for &(operand, gradient) in operands {
            self.graph.edge(operand, node, number(self.values[operand]), number(gradient));
        }
        node
    }

    fn output(mut self, label: &str, from: usize) -> Graph {
        let node = self.graph.node(Kind::Output, label);
        self.graph.edge(from, node, number(self.values[from]), "1");
        self.graph
    }
}

/// Two apples at 100 each, and 10 % tax.
pub fn apples() -> Graph {
    let mut formula = Formula::default();
    let (apple, count, tax) = (formula.input("apple", 100.0), formula.input("number", 2.0), formula.input("tax", 1.1));
    let apples = formula.operator("×", 200.0, &[(apple, 2.2), (count, 110.0)]);
    let price = formula.operator("×", 220.0, &[(apples, 1.1), (tax, 200.0)]);
    formula.output("price", price)
}

/// Two apples at 100, three oranges at 150, and 10 % tax.
pub fn apples_and_oranges() -> Graph {
    let mut formula = Formula::default();
    let (apple, apples) = (formula.input("apple", 100.0), formula.input("apples", 2.0));
    let (orange, oranges) = (formula.input("orange", 150.0), formula.input("oranges", 3.0));
    let tax = formula.input("tax", 1.1);
    let price_of_apples = formula.operator("×", 200.0, &[(apple, 2.2), (apples, 110.0)]);
    let price_of_oranges = formula.operator("×", 450.0, &[(orange, 3.3), (oranges, 165.0)]);
    let sum = formula.operator("+", 650.0, &[(price_of_apples, 1.1), (price_of_oranges, 1.1)]);
    let price = formula.operator("×", 715.0, &[(sum, 1.1), (tax, 650.0)]);
    formula.output("price", price)
}

/// `z = (x + y)²` at 1 and 2.
pub fn square_of_a_sum() -> Graph {
    let mut formula = Formula::default();
    let (x, y) = (formula.input("x", 1.0), formula.input("y", 2.0));
    let sum = formula.operator("+", 3.0, &[(x, 6.0), (y, 6.0)]);
    let square = formula.operator("^2", 9.0, &[(sum, 6.0)]);
    formula.output("z", square)
}

/// `y = 1 / (1 + exp(-x))` at 0.5, taken apart.
pub fn sigmoid() -> Graph {
    let mut formula = Formula::default();
    let x = 0.5_f64;
    let exp = (-x).exp();
    let y = 1.0 / (1.0 + exp);
    let input = formula.input("x", x);
    let (minus, one) = (formula.constant(-1.0), formula.constant(1.0));
    let negative = formula.operator("×", -x, &[(input, y * y * exp), (minus, -y * y * exp * x)]);
    let power = formula.operator("exp", exp, &[(negative, -y * y * exp)]);
    let sum = formula.operator("+", 1.0 + exp, &[(power, -y * y), (one, -y * y)]);
    let quotient = formula.operator("1/x", y, &[(sum, -y * y)]);
    formula.output("y", quotient)
}

/// `x · x` at 3: two edges between the same nodes.
pub fn square() -> Graph {
    let mut formula = Formula::default();
    let x = formula.input("x", 3.0);
    let square = formula.operator("×", 9.0, &[(x, 3.0), (x, 3.0)]);
    formula.output("", square)
}

/// Sums and products of any two that are there already.
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

/// Labels that break what is not escaped, in all kinds of nodes and on both sides of an edge.
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
