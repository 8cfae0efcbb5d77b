//! A function of numbers, one operation after the other. What is calculated twice is there once.

use super::operation::{Constant, Method, Operation};

/// The place of a [`Node`] in its [`Ssa`].
pub type Id = usize;

/// An operation on values that were calculated before it.
#[derive(Clone, PartialEq)]
pub struct Node {
    pub operation: Operation,
    pub operands: Vec<Id>,
}

/// Operations in the order in which they are calculated. The inputs come first.
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

    /// The place of that operation on those values, which is added if it is not there.
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

    /// It is a constant of that value.
    pub fn is(&self, id: Id, value: f64) -> bool {
        self.constant(id).is_some_and(|constant| constant.value == Some(value))
    }

    /// The value is 0 or less, or NaN, for all inputs.
    pub fn is_never_positive(&self, id: Id) -> bool {
        self.signs(id).never_positive
    }

    /// The signs that a value can have, from those before it.
    fn signs(&self, id: Id) -> Signs {
        let mut known: Vec<Signs> = Vec::with_capacity(id + 1);
        for node in &self.nodes[..=id] {
            known.push(Signs::of(node, &known));
        }
        known[id]
    }

    /// The value is from 0 to 1, or NaN, for all inputs.
    pub fn is_share(&self, id: Id) -> bool {
        let Node { operation, operands } = &self.nodes[id];
        *operation == Operation::Method(Method::Exp) && self.is_never_positive(operands[0])
    }

    /// For each node, whether it depends on an input that is wanted.
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

    /// For each node, whether one of those results needs it. What is `given` needs nothing itself.
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

    /// Leaves out what neither the result needs nor is an input. Gives the result's new place.
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

/// Signs that a value, unless it is NaN, has for no inputs.
#[derive(Clone, Copy, Default)]
struct Signs {
    never_positive: bool,
    never_negative: bool,
}

impl Signs {
    /// Of the result of an operation, from those that are known of its operands.
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
        assert_ne!(ssa.add(Operation::Add, &[one, 0]), sum); // which may differ for what is not a number
    }

    #[test]
    fn signs() {
        let mut ssa = Ssa::new(1);
        let zero = ssa.add(Operation::Constant(Constant::number(0.0)), &[]);
        let [below, above] = [Method::Min, Method::Max].map(|method| ssa.add(Operation::Method(method), &[0, zero]));
        let abs = ssa.add(Operation::Method(Method::Abs), &[0]);
        let minus = ssa.add(Operation::Neg, &[abs]);
        let share = ssa.add(Operation::Method(Method::Exp), &[minus]);
        let square = ssa.add(Operation::Mul, &[0, 0]);
        let sum = ssa.add(Operation::Add, &[below, minus]);
        let mixed = ssa.add(Operation::Add, &[above, minus]);
        let any = ssa.add(Operation::Method(Method::Exp), &[0]);
        let never_positive = [0, zero, below, above, abs, minus, share, square, sum, mixed];
        let never_negative = never_positive.map(|id| ssa.signs(id).never_negative);
        let never_positive = never_positive.map(|id| ssa.is_never_positive(id));
        assert_eq!(never_positive, [false, true, true, false, false, true, false, false, true, false]);
        assert_eq!(never_negative, [false, true, false, true, true, false, true, true, false, false]);
        assert!(ssa.is_share(share) && !ssa.is_share(any) && !ssa.is_share(square));
    }

    #[test]
    fn prune_leaves_out_unneeded_operations() {
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
