//! Computes the tables of a function's computational graph.

use syn::ext::IdentExt;

use super::operation::{Method, Operation};
use super::reverse::Reversed;
use super::ssa::{Id, Ssa};

/// The nodes and edges of a graph.
pub struct Drawing {
    /// The kind and the label of each node.
    pub nodes: Vec<(&'static str, String)>,
    pub edges: Vec<Edge>,
    /// The inputs with more than one outgoing edge. An input's id is also the index of its node.
    pub shared: Vec<Id>,
}

/// An edge from one node to another.
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// The value on the edge; `None` for the factor -1 of a negation.
    pub value: Option<Id>,
    /// The derivative that flows back along the edge.
    pub gradient: Option<Id>,
}

/// Computes the graph of a function, with the derivatives that follow from the derivative `dout` by its result.
pub fn draw(ssa: &Ssa, name: &str, parameters: &[String], result: Id, dout: Id, back: &Reversed) -> Drawing {
    let nodes = parameters.iter().map(|name| ("Input", name.clone())).collect();
    let mut places: Vec<usize> = (0..ssa.inputs).collect();
    let mut drawing = Drawing { nodes, edges: Vec::new(), shared: Vec::new() };
    for id in ssa.inputs..back.edges.len() {
        if ssa.constant(id).is_some() {
            places.push(usize::MAX); // a constant gets a node at each use
            continue;
        }
        let starts = drawing.operands(ssa, id, &places);
        places.push(drawing.node("Operator", label(ssa.operation(id))));
        for (place, from, value) in starts {
            let gradient = place.and_then(|place| back.edges[id][place]);
            drawing.edges.push(Edge { from, to: places[id], value, gradient });
        }
    }
    drawing.output(ssa, name, result, dout, &places);
    let uses = |id: &Id| drawing.edges.iter().filter(|edge| edge.from == *id).count();
    drawing.shared = (0..ssa.inputs).filter(|id| uses(id) > 1).collect();
    drawing
}

impl Drawing {
    fn node(&mut self, kind: &'static str, label: String) -> usize {
        self.nodes.push((kind, label));
        self.nodes.len() - 1
    }

    /// The edges into an operation, each as the index of the operand, the node where the edge begins, and its value.
    fn operands(&mut self, ssa: &Ssa, id: Id, places: &[usize]) -> Vec<(Option<usize>, usize, Option<Id>)> {
        let node = &ssa.nodes[id];
        let mut starts = Vec::new();
        for (place, &operand) in node.operands.iter().enumerate() {
            // As in the book, `1 / x` is one node with one operand.
            if node.operation == Operation::Div && place == 0 && ssa.is(operand, 1.0) {
                continue;
            }
            let from = self.start(ssa, operand, places);
            starts.push((Some(place), from, Some(operand)));
        }
        if node.operation == Operation::Neg {
            starts.push((None, self.node("Constant", "-1".to_owned()), None));
        }
        starts
    }

    /// The node of a value. A constant gets a new node at each use.
    fn start(&mut self, ssa: &Ssa, id: Id, places: &[usize]) -> usize {
        match ssa.constant(id) {
            Some(constant) => self.node("Constant", constant.text.clone()),
            None => places[id],
        }
    }

    fn output(&mut self, ssa: &Ssa, name: &str, result: Id, dout: Id, places: &[usize]) {
        let from = self.start(ssa, result, places);
        let to = self.node("Output", name.to_owned());
        let gradient = ssa.depending(|_| true)[result].then_some(dout);
        self.edges.push(Edge { from, to, value: Some(result), gradient });
    }
}

/// The label of an operation's node.
fn label(operation: &Operation) -> String {
    match operation {
        Operation::Add => "+".to_owned(),
        Operation::Sub => "−".to_owned(),
        Operation::Mul | Operation::Neg => "×".to_owned(),
        Operation::Div | Operation::Method(Method::Recip) => "/".to_owned(),
        Operation::Powi(exponent) => format!("^{}", exponent.text),
        Operation::Method(Method::Powf) => "^".to_owned(),
        Operation::Method(Method::Sqrt) => "√".to_owned(),
        Operation::Method(method) => method.name().to_owned(),
        Operation::Call(callee) => callee.name.unraw().to_string(),
        _ => String::new(), // operations of derivatives are not drawn
    }
}
