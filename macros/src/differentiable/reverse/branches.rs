//! The backward pass through the branches of `max`, `min` and `abs`.

use super::Back;
use crate::differentiable::operation::{Method, Operation};
use crate::differentiable::ssa::{Id, Node, Ssa};

/// Flags operations whose slope, or that of an earlier operation, may be infinite because of a pole or an overflow.
pub fn steep(ssa: &Ssa) -> Vec<bool> {
    let mut steep: Vec<bool> = Vec::new();
    for node in &ssa.nodes {
        let is_tame = match &node.operation {
            Operation::Input(_)
            | Operation::Constant(_)
            | Operation::Add
            | Operation::Sub
            | Operation::Mul
            | Operation::Neg => true,
            Operation::Powi(exponent) => exponent.value.is_some_and(|exponent| exponent >= 0),
            Operation::Method(method) => matches!(
                method,
                Method::Sin | Method::Cos | Method::Tanh | Method::Abs | Method::Max | Method::Min | Method::MulAdd
            ),
            _ => false,
        };
        steep.push(!is_tame || node.operands.iter().any(|&operand| steep[operand]));
    }
    steep
}

/// The maximum number of branches that are selected after a slope. The limit prevents quadratic time.
const BRANCHES: usize = 8;

impl Back<'_> {
    /// Applies the slope before the selection of branches if the slope may be infinite.
    ///
    /// The gradient of a branch that was not taken is 0, and `0 · ∞` would be NaN.
    pub fn before_branches(&mut self, flow: &dyn Fn(&mut Self) -> Id) -> Id {
        let mut most = BRANCHES;
        self.before_most_branches(&mut most, flow)
    }

    /// The same for at most `most` branches.
    fn before_most_branches(&mut self, most: &mut usize, flow: &dyn Fn(&mut Self) -> Id) -> Id {
        let dy = self.dy;
        let result = if *most == 0 || !self.steep[self.y] {
            None
        } else if let Some(branch) = self.branch(dy) {
            *most -= 1;
            self.dy = branch;
            let result = self.before_most_branches(most, flow);
            Some(self.through(dy, result))
        } else if let Some([one, other]) = self.summands(dy, *most) {
            *most -= 1;
            let [one, other] = [one, other].map(|summand| {
                self.dy = summand;
                self.before_most_branches(most, flow)
            });
            let is_sum = *self.ssa.operation(dy) == Operation::Add;
            Some(if is_sum { self.add(one, other) } else { self.sub(one, other) })
        } else {
            None
        };
        self.dy = dy;
        result.unwrap_or_else(|| flow(self))
    }

    /// Both summands of a derivative, if it is a sum of at most `most` gradients of branches.
    fn summands(&mut self, dy: Id, most: usize) -> Option<[Id; 2]> {
        let Node { operation: Operation::Add | Operation::Sub, operands } = self.ssa.nodes[dy].clone() else {
            return None;
        };
        let &[one, other] = operands.as_slice() else { return None };
        let is_ours = dy >= self.depends.len() && most > 0;
        let mut is_of_branches = |id| self.branch(id).is_some() || self.summands(id, most - 1).is_some();
        (is_ours && is_of_branches(one) && is_of_branches(other)).then_some([one, other])
    }

    /// The gradient before the selection of a branch or the negation that produced `dy`, if one did.
    fn branch(&mut self, dy: Id) -> Option<Id> {
        if dy < self.depends.len() {
            return None; // an operation of the user's
        }
        match (self.ssa.operation(dy), self.ssa.nodes[dy].operands.as_slice()) {
            (Operation::Sign, _) => Some(self.number(1.0)),
            (Operation::Chain, &[sign, dy]) if *self.ssa.operation(sign) == Operation::Sign => Some(dy),
            (operation, &[.., dy]) if *operation == Operation::Neg || operation.is_choice() => Some(dy),
            _ => None,
        }
    }

    /// Applies the selection or negation that produced `dy` to another gradient.
    fn through(&mut self, dy: Id, flow: Id) -> Id {
        let Node { operation, operands } = self.ssa.nodes[dy].clone();
        match operation {
            Operation::Neg => self.neg(flow),
            Operation::Sign => self.chain(dy, flow),
            Operation::Chain => self.chain(operands[0], flow),
            choice => self.choice(choice, operands[0], operands[1], flow),
        }
    }

    /// The gradient of `max` or `min` by `x`.
    ///
    /// Equal operands get half of it each, if `other` depends on wanted inputs too. Otherwise `other` is a constant.
    pub fn select(&mut self, method: Method, x: Id, other: Id) -> Id {
        let operation = match (method, self.depends[other]) {
            (Method::Max, true) => Operation::ShareOfGreater,
            (_, true) => Operation::ShareOfSmaller,
            (Method::Max, false) => Operation::WhereGreater,
            (_, false) => Operation::WhereSmaller,
        };
        self.choice(operation, x, other, self.dy)
    }

    /// The gradient where `x` was selected instead of `y`.
    fn choice(&mut self, choice: Operation, x: Id, y: Id, dy: Id) -> Id {
        match self.negated(dy) {
            Some(dy) => self.negative(x, dy, |back, x, dy| back.ssa.add(choice, &[x, y, dy])),
            None => self.ssa.add(choice, &[x, y, dy]),
        }
    }

    /// Adds or subtracts two gradients with the same selection first, and applies the selection once.
    pub fn before_choice(&mut self, x: Id, y: Id, operation: fn(&mut Self, Id, Id) -> Id) -> Option<Id> {
        let (one, other) = (self.ssa.nodes[x].clone(), &self.ssa.nodes[y]);
        let (&[chosen, left, dx], &[.., dy]) = (&*one.operands, &*other.operands) else { return None };
        let is_same =
            one.operation.is_choice() && one.operation == other.operation && other.operands[..2] == [chosen, left];
        is_same.then(|| {
            let result = operation(self, dx, dy);
            self.choice(one.operation, chosen, left, result)
        })
    }
}
