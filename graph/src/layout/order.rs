//! Sorts the items of each column, so that few lines cross.

use super::levels::{Item, Levels};

/// The number of sweeps over the columns, each to the right and back.
const ROUNDS: usize = 4;

/// Sorts every column.
///
/// The initial order is that of a depth-first search from the results, which is already the best one for a formula. Then
/// each item is moved to the mean place of its neighbors (barycenter heuristic), and the order with the fewest crossings
/// is kept.
pub fn sort(levels: &mut Levels) {
    levels.columns = order_of_operands(levels);
    let mut sorter =
        Sorter { items: &levels.items, levels: levels.columns.clone(), places: vec![0; levels.items.len()] };
    sorter.number_all();
    let mut fewest = sorter.crossings();
    for _ in 0..ROUNDS {
        if fewest == 0 {
            break;
        }
        sorter.sweep();
        let count = sorter.crossings();
        if count < fewest {
            levels.columns.clone_from(&sorter.levels);
            fewest = count;
        }
    }
}

/// The order of a depth-first search from the items without a successor.
fn order_of_operands(levels: &Levels) -> Vec<Vec<usize>> {
    let items = &levels.items;
    let mut ordered = vec![Vec::new(); levels.columns.len()];
    let mut met = vec![false; items.len()];
    let mut stack: Vec<usize> = (0..items.len()).rev().filter(|&item| items[item].after.is_empty()).collect();
    while let Some(item) = stack.pop() {
        if !std::mem::replace(&mut met[item], true) {
            ordered[items[item].level].push(item);
            stack.extend(items[item].before.iter().rev());
        }
    }
    ordered
}

struct Sorter<'a> {
    items: &'a [Item],
    levels: Vec<Vec<usize>>,
    /// The index of each item in its column.
    places: Vec<usize>,
}

impl Sorter<'_> {
    fn sweep(&mut self) {
        for level in 1..self.levels.len() {
            self.sort_level(level, |item| &item.before);
        }
        for level in (0..self.levels.len().saturating_sub(1)).rev() {
            self.sort_level(level, |item| &item.after);
        }
    }

    /// Sorts a column by the mean place of each item's neighbors on one side.
    fn sort_level(&mut self, level: usize, neighbors: impl Fn(&Item) -> &Vec<usize>) {
        let mut last = 0.0;
        let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(self.levels[level].len());
        for &item in &self.levels[level] {
            let beside = neighbors(&self.items[item]);
            if !beside.is_empty() {
                last = beside.iter().map(|&item| self.places[item] as f64).sum::<f64>() / beside.len() as f64;
            }
            // An item without neighbors stays below its predecessor.
            keyed.push((last, item));
        }
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        self.levels[level] = keyed.into_iter().map(|(_, item)| item).collect();
        self.number(level);
        self.keep_operands_in_order(level);
    }

    /// Puts the operands of each operation in their order, without moving other items.
    fn keep_operands_in_order(&mut self, level: usize) {
        let Some(users) = self.levels.get(level + 1).cloned() else { return };
        for operands in users.into_iter().map(|user| &self.items[user].before).filter(|operands| operands.len() > 1) {
            let mut places: Vec<usize> = operands.iter().map(|&operand| self.places[operand]).collect();
            places.sort_unstable();
            for (place, &operand) in places.into_iter().zip(operands) {
                self.levels[level][place] = operand;
                self.places[operand] = place;
            }
        }
    }

    fn number_all(&mut self) {
        (0..self.levels.len()).for_each(|level| self.number(level));
    }

    fn number(&mut self, level: usize) {
        for (place, &item) in self.levels[level].iter().enumerate() {
            self.places[item] = place;
        }
    }

    /// The number of pairs of lines that cross.
    fn crossings(&self) -> usize {
        self.levels.windows(2).map(|pair| self.crossings_between(&pair[0], pair[1].len())).sum()
    }

    /// Counts, for each line from top to bottom, the lines before it that end below its end.
    fn crossings_between(&self, level: &[usize], places: usize) -> usize {
        let mut ends = Counts::new(places);
        let (mut lines, mut crossings) = (0, 0);
        for &item in level {
            let after = &self.items[item].after;
            crossings += after.iter().map(|&end| lines - ends.up_to(self.places[end])).sum::<usize>();
            for &end in after {
                ends.add(self.places[end]);
            }
            lines += after.len();
        }
        crossings
    }
}

/// A count for each place, in a Fenwick tree.
struct Counts(Vec<usize>);

impl Counts {
    fn new(places: usize) -> Self {
        Self(vec![0; places + 1])
    }

    fn add(&mut self, place: usize) {
        let mut node = place + 1;
        while node < self.0.len() {
            self.0[node] += 1;
            node += node & node.wrapping_neg();
        }
    }

    /// The sum of the counts up to and including a place.
    fn up_to(&self, place: usize) -> usize {
        let (mut node, mut sum) = (place + 1, 0);
        while node > 0 {
            sum += self.0[node];
            node &= node - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Graph, Kind};
    use super::super::levels::ItemKind;
    use super::*;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    fn crossings(levels: &Levels) -> usize {
        let places = vec![0; levels.items.len()];
        let mut sorter = Sorter { items: &levels.items, levels: levels.columns.clone(), places };
        sorter.number_all();
        sorter.crossings()
    }

    fn sorted(graph: &Graph) -> (Levels, usize) {
        let mut levels = Levels::new(graph, vec![None; graph.nodes().len()]);
        sort(&mut levels);
        let crossings = crossings(&levels);
        (levels, crossings)
    }

    #[test]
    fn a_tree_has_no_crossings_and_its_operands_in_order() {
        let mut graph = Graph::new();
        let inputs: Vec<usize> = (0..8).map(|input| graph.node(Kind::Input, format!("x{input}"))).collect();
        // The operands are in the reverse order of their nodes.
        let mut row: Vec<usize> = inputs.iter().rev().copied().collect();
        while row.len() > 1 {
            row = row
                .chunks(2)
                .map(|pair| {
                    let node = graph.node(Kind::Operator, "+");
                    for &operand in pair {
                        graph.edge(operand, node, "", "");
                    }
                    node
                })
                .collect();
        }
        let (levels, crossings) = sorted(&graph);
        assert_eq!(crossings, 0);
        let nodes: Vec<ItemKind> = levels.columns[0].iter().map(|&item| levels.items[item].kind).collect();
        assert_eq!(nodes, (0..8).rev().map(ItemKind::Node).collect::<Vec<_>>());
    }

    /// Two operations with the same operands in opposite orders: sorting keeps both orders, although lines cross.
    #[test]
    fn operands_keep_their_order() {
        let mut graph = Graph::new();
        let (a, b) = (graph.node(Kind::Input, "a"), graph.node(Kind::Input, "b"));
        let (minus, other) = (graph.node(Kind::Operator, "-"), graph.node(Kind::Operator, "-"));
        for (from, to) in [(a, minus), (b, minus), (b, other), (a, other)] {
            graph.edge(from, to, "", "");
        }
        let (levels, _) = sorted(&graph);
        for item in &levels.items {
            let places: Vec<usize> = item
                .before
                .iter()
                .map(|operand| levels.columns[item.level - 1].iter().position(|item| item == operand).unwrap())
                .collect();
            assert!(places.is_sorted(), "{places:?}");
        }
    }

    /// A graph of binary operations on random earlier nodes.
    fn random(seed: u64) -> Graph {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut graph = Graph::new();
        (0..6).for_each(|_| _ = graph.node(Kind::Input, "x"));
        for node in 6..24 {
            graph.node(Kind::Operator, "+");
            (0..2).for_each(|_| graph.edge(rng.random_range(0..node), node, "", ""));
        }
        graph
    }

    #[test]
    fn crossings_are_removed() {
        let [mut before, mut after] = [0, 0];
        for graph in (0..20).map(random) {
            let mut first = Levels::new(&graph, vec![None; graph.nodes().len()]);
            first.columns = order_of_operands(&first);
            before += crossings(&first);
            after += sorted(&graph).1;
        }
        assert!(after * 5 < before * 4, "{before} before, {after} after");
    }

    #[test]
    fn crossings_are_counted() {
        let mut counts = Counts::new(5);
        for place in [3, 1, 1, 4] {
            counts.add(place);
        }
        assert_eq!((0..5).map(|place| counts.up_to(place)).collect::<Vec<_>>(), [0, 2, 2, 3, 4]);
    }
}
