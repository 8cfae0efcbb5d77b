//! In which column each node stands.

use super::super::{Graph, Kind};

/// The farthest that an input stands from the first operation that takes it.
const FARTHEST: usize = 6;

/// For each node the number of its column: one more than that of the last of its operands. What has no operands stands
/// before the first that takes it; the inputs of operations at the very left, as in the book.
pub fn ranks(graph: &Graph, operands: &[Vec<usize>], users: &[Vec<usize>]) -> Vec<usize> {
    let mut ranks = vec![0; graph.nodes.len()];
    // Operands have smaller places, so they are ranked already.
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
    use super::super::neighbours;
    use super::*;

    fn of(graph: &Graph) -> Vec<usize> {
        let (operands, users) = neighbours(graph);
        ranks(graph, &operands, &users)
    }

    #[test]
    fn inputs_stand_left_and_constants_near() {
        let mut graph = Graph::new();
        let (x, y, two) = (graph.node(Kind::Input, "x"), graph.node(Kind::Input, "y"), graph.node(Kind::Constant, "2"));
        let (exp, times, plus) =
            (graph.node(Kind::Operator, "exp"), graph.node(Kind::Operator, "×"), graph.node(Kind::Operator, "+"));
        for (from, to) in [(x, exp), (exp, times), (two, times), (times, plus), (y, plus)] {
            graph.edge(from, to, "", "");
        }
        assert_eq!(of(&graph), [0, 0, 1, 1, 2, 3]);
    }

    #[test]
    fn an_input_that_is_used_far_away_stands_near() {
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
        assert_eq!(of(&graph)[..3], [0, 0, FARTHEST + 1]);
    }

    #[test]
    fn a_target_stands_before_its_loss() {
        let mut graph = Graph::new();
        let (x, layer) = (graph.node(Kind::Input, "x"), graph.node(Kind::Layer, "relu1"));
        let (target, loss) = (graph.node(Kind::Input, "t"), graph.node(Kind::Loss, "loss"));
        for (from, to) in [(x, layer), (layer, loss), (target, loss)] {
            graph.edge(from, to, "", "");
        }
        assert_eq!(of(&graph), [0, 1, 1, 2]);
    }

    #[test]
    fn what_is_connected_to_nothing_stands_left() {
        let mut graph = Graph::new();
        graph.node(Kind::Input, "x");
        graph.node(Kind::Operator, "+");
        assert_eq!(of(&graph), [0, 0]);
    }
}
