//! Assigns nodes to columns.

use super::super::{Graph, Kind};

/// The maximum distance between an input and the first operation that uses it.
const FARTHEST: usize = 6;

/// Computes the rank of each node, which is one more than the highest rank of its operands.
///
/// Nodes without operands are directly before their first user. Inputs of operations are at the far left, as in the
/// book, unless that is too far away.
pub fn ranks(graph: &Graph, operands: &[Vec<usize>], users: &[Vec<usize>]) -> Vec<usize> {
    let mut ranks = vec![0; graph.nodes.len()];
    // Operands have smaller indices, so their ranks are final.
    for node in 0..ranks.len() {
        ranks[node] = operands[node].iter().map(|&edge| ranks[graph.edges[edge].from] + 1).max().unwrap_or(0);
    }
    for node in (0..ranks.len()).filter(|&node| operands[node].is_empty()) {
        let first = users[node].iter().map(|&edge| ranks[graph.edges[edge].to]).min();
        let near = first.unwrap_or(1) - 1;
        let book = near <= FARTHEST && is_input_of_operations(graph, node, &users[node]);
        ranks[node] = if book { 0 } else { near };
    }
    ranks
}

fn is_input_of_operations(graph: &Graph, node: usize, users: &[usize]) -> bool {
    let kind = |node: usize| graph.nodes[node].kind;
    kind(node) == Kind::Input && users.iter().all(|&edge| kind(graph.edges[edge].to) == Kind::Operator)
}

#[cfg(test)]
mod tests {
    use super::super::neighbors;
    use super::*;

    fn ranks_of(graph: &Graph) -> Vec<usize> {
        let (operands, users) = neighbors(graph);
        ranks(graph, &operands, &users)
    }

    #[test]
    fn inputs_are_left_and_constants_near() {
        let mut graph = Graph::new();
        let (x, y, two) = (graph.node(Kind::Input, "x"), graph.node(Kind::Input, "y"), graph.node(Kind::Constant, "2"));
        let (exp, times, plus) =
            (graph.node(Kind::Operator, "exp"), graph.node(Kind::Operator, "×"), graph.node(Kind::Operator, "+"));
        for (from, to) in [(x, exp), (exp, times), (two, times), (times, plus), (y, plus)] {
            graph.edge(from, to, "", "");
        }
        assert_eq!(ranks_of(&graph), [0, 0, 1, 1, 2, 3]);
    }

    #[test]
    fn an_input_is_near_a_distant_user() {
        let mut graph = Graph::new();
        let (x, near, far) = (graph.node(Kind::Input, "x"), graph.node(Kind::Input, "y"), graph.node(Kind::Input, "z"));
        let mut last = x;
        for place in 0..=FARTHEST + 1 {
            let node = graph.node(Kind::Operator, "+");
            graph.edge(last, node, "", "");
            if place == FARTHEST || place == FARTHEST + 1 {
                graph.edge(if place == FARTHEST { near } else { far }, node, "", "");
            }
            last = node;
        }
        assert_eq!(ranks_of(&graph)[..3], [0, 0, FARTHEST + 1]);
    }

    #[test]
    fn a_target_is_before_its_loss() {
        let mut graph = Graph::new();
        let (x, layer) = (graph.node(Kind::Input, "x"), graph.node(Kind::Layer, "relu1"));
        let (target, loss) = (graph.node(Kind::Input, "t"), graph.node(Kind::Loss, "loss"));
        for (from, to) in [(x, layer), (layer, loss), (target, loss)] {
            graph.edge(from, to, "", "");
        }
        assert_eq!(ranks_of(&graph), [0, 1, 1, 2]);
    }

    #[test]
    fn isolated_nodes_are_left() {
        let mut graph = Graph::new();
        graph.node(Kind::Input, "x");
        graph.node(Kind::Operator, "+");
        assert_eq!(ranks_of(&graph), [0, 0]);
    }
}
