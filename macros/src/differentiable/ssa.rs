//! A list of operations without duplicates, in static single assignment form (SSA).

use super::operation::{Constant, Method, Operation};

/// The index of a [`Node`] in its [`Ssa`].
pub type Id = usize;

/// An operation on earlier values.
#[derive(Clone, PartialEq)]
pub struct Node {
    pub operation: Operation,
    pub operands: Vec<Id>,
}

/// Operations in the order of computation. The inputs come first.
#[derive(Clone)]
pub struct Ssa {
    pub nodes: Vec<Node>,
    pub inputs: usize,
}

impl Ssa {
    pub fn new(inputs: usize) -> Self {
        let nodes = (0..inputs).map(|place| Node { operation: Operation::Input(place), operands: Vec::new() });
        Self { nodes: nodes.collect(), inputs }
    }

    /// Returns the id of an operation on operands, and adds it if it is new.
    pub fn add(&mut self, operation: Operation, operands: &[Id]) -> Id {
        let node = Node { operation, operands: operands.to_vec() };
        self.nodes.iter().position(|other| *other == node).unwrap_or_else(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        })
    }

    pub fn operation(&self, id: Id) -> &Operation {
        &self.nodes[id].operation
    }

    pub fn constant(&self, id: Id) -> Option<&Constant> {
        match self.operation(id) {
            Operation::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// Returns true for a constant of that value.
    pub fn is(&self, id: Id, value: f64) -> bool {
        self.constant(id).is_some_and(|constant| constant.value == Some(value))
    }

    /// Returns true if the value is at most 0, or NaN, for all inputs.
    pub fn is_never_positive(&self, id: Id) -> bool {
        self.signs(id).never_positive
    }

    /// Derives the possible signs of a value from the signs of its operands.
    fn signs(&self, id: Id) -> Signs {
        let mut known: Vec<Signs> = Vec::with_capacity(id + 1);
        for node in &self.nodes[..=id] {
            known.push(Signs::of(node, &known));
        }
        known[id]
    }

    /// Returns true if the value is in the range 0 to 1, or NaN, for all inputs.
    pub fn is_fraction(&self, id: Id) -> bool {
        let Node { operation, operands } = &self.nodes[id];
        *operation == Operation::Method(Method::Exp) && self.is_never_positive(operands[0])
    }

    /// Flags the nodes that depend on a wanted input.
    pub fn depending(&self, wanted: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut depends: Vec<bool> = Vec::new();
        for node in &self.nodes {
            depends.push(match node.operation {
                Operation::Input(place) => wanted(place),
                _ => node.operands.iter().any(|&operand| depends[operand]),
            });
        }
        depends
    }

    /// Flags the nodes that the results need. The operands of nodes that are `given` are not needed for them.
    pub fn needed(&self, results: &[Id], given: impl Fn(Id) -> bool) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for &result in results {
            needed[result] = true;
        }
        for id in (0..self.nodes.len()).rev() {
            if needed[id] && !given(id) {
                for &operand in &self.nodes[id].operands {
                    needed[operand] = true;
                }
            }
        }
        needed
    }

    /// Removes operations that the result does not need, except inputs. Returns the result's new id.
    pub fn prune(&mut self, result: Id) -> Id {
        let needed = self.needed(&[result], |_| false);
        let mut places = vec![0; self.nodes.len()];
        let mut kept: Vec<Node> = Vec::new();
        for (id, mut node) in std::mem::take(&mut self.nodes).into_iter().enumerate() {
            if needed[id] || id < self.inputs {
                node.operands.iter_mut().for_each(|operand| *operand = places[*operand]);
                places[id] = kept.len();
                kept.push(node);
            }
        }
        self.nodes = kept;
        places[result]
    }
}

/// The known bounds of a value that is not NaN.
#[derive(Clone, Copy, Default)]
struct Signs {
    never_positive: bool,
    never_negative: bool,
}

impl Signs {
    /// Derives the bounds of an operation's result from those of its operands.
    fn of(Node { operation, operands }: &Node, known: &[Self]) -> Self {
        let of = |place: usize| known[operands[place]];
        let all = |is: fn(&Self) -> bool| operands.iter().all(|&operand| is(&known[operand]));
        let any = |is: fn(&Self) -> bool| operands.iter().any(|&operand| is(&known[operand]));
        let (positive, negative) = (|signs: &Self| signs.never_positive, |signs: &Self| signs.never_negative);
        let [never_positive, never_negative] = match operation {
            Operation::Constant(Constant { value: Some(value), .. }) => [*value <= 0.0, *value >= 0.0],
            Operation::Neg => [of(0).never_negative, of(0).never_positive],
            Operation::Mul => [false, operands[0] == operands[1] || all(negative)],
            Operation::Add => [all(positive), all(negative)],
            Operation::Method(Method::Max) => [all(positive), any(negative)],
            Operation::Method(Method::Min) => [any(positive), all(negative)],
            Operation::Method(Method::Abs | Method::Exp | Method::Sqrt | Method::Cosh) => [false, true],
            _ => [false; 2],
        };
        Self { never_positive, never_negative }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_operations_are_shared() {
        let mut ssa = Ssa::new(2);
        let one = ssa.add(Operation::Constant(Constant::number(1.0)), &[]);
        let sum = ssa.add(Operation::Add, &[0, one]);
        assert_eq!(ssa.add(Operation::Constant(Constant::number(1.0)), &[]), one);
        assert_eq!(ssa.add(Operation::Add, &[0, one]), sum);
        assert_ne!(ssa.add(Operation::Add, &[one, 0]), sum); // the payload of a NaN may differ
    }

    #[test]
    fn signs() {
        let mut ssa = Ssa::new(1);
        let zero = ssa.add(Operation::Constant(Constant::number(0.0)), &[]);
        let [below, above] = [Method::Min, Method::Max].map(|method| ssa.add(Operation::Method(method), &[0, zero]));
        let abs = ssa.add(Operation::Method(Method::Abs), &[0]);
        let minus = ssa.add(Operation::Neg, &[abs]);
        let fraction = ssa.add(Operation::Method(Method::Exp), &[minus]);
        let square = ssa.add(Operation::Mul, &[0, 0]);
        let sum = ssa.add(Operation::Add, &[below, minus]);
        let mixed = ssa.add(Operation::Add, &[above, minus]);
        let any = ssa.add(Operation::Method(Method::Exp), &[0]);
        let never_positive = [0, zero, below, above, abs, minus, fraction, square, sum, mixed];
        let never_negative = never_positive.map(|id| ssa.signs(id).never_negative);
        let never_positive = never_positive.map(|id| ssa.is_never_positive(id));
        assert_eq!(never_positive, [false, true, true, false, false, true, false, false, true, false]);
        assert_eq!(never_negative, [false, true, false, true, true, false, true, true, false, false]);
        assert!(ssa.is_fraction(fraction) && !ssa.is_fraction(any) && !ssa.is_fraction(square));
    }

    #[test]
    fn prune_removes_unneeded_operations() {
        let mut ssa = Ssa::new(2);
        ssa.add(Operation::Neg, &[1]);
        let square = ssa.add(Operation::Mul, &[0, 0]);
        let result = ssa.add(Operation::Neg, &[square]);
        let result = ssa.prune(result);
        assert_eq!((result, ssa.nodes.len()), (3, 4));
        assert_eq!((&ssa.nodes[3].operands, &ssa.nodes[2].operands), (&vec![2], &vec![0, 0]));
        assert_eq!(ssa.depending(|place| place == 1), [false, true, false, false]);
    }
}
