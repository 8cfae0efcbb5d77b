//! Simplifies derivatives by using the function's result, which is available in the backward pass.

use super::operation::{Method, Operation};
use super::ssa::{Id, Node, Ssa};

impl Ssa {
    /// If `y = 1 / (1 + e)`, replaces `y · e` by `1 - y`.
    ///
    /// This does not need `e`, and differs by at most the rounding error of 1.
    pub fn simplify_logistic_slope(&mut self, y: Id) {
        let Some((one, e)) = self.logistic_parts(y) else { return };
        for node in &mut self.nodes[y + 1..] {
            let is_product = matches!(node.operation, Operation::Mul | Operation::Chain);
            if is_product && (node.operands == [y, e] || node.operands == [e, y]) {
                *node = Node { operation: Operation::Sub, operands: vec![one, y] };
            }
        }
    }

    /// Returns `1` and `e` if `y = 1 / (1 + e)`.
    pub fn logistic_parts(&self, y: Id) -> Option<(Id, Id)> {
        let sum = match (self.operation(y), &*self.nodes[y].operands) {
            (Operation::Div, &[one, sum]) if self.is(one, 1.0) => sum,
            (Operation::Method(Method::Recip), &[sum]) => sum,
            _ => return None,
        };
        match (self.operation(sum), &*self.nodes[sum].operands) {
            (Operation::Add, &[one, e]) if self.is(one, 1.0) => Some((one, e)),
            (Operation::Add, &[e, one]) if self.is(one, 1.0) => Some((one, e)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differentiable::operation::Constant;

    #[test]
    fn logistic_slopes_are_simplified() {
        let mut ssa = Ssa::new(1);
        let e = ssa.add(Operation::Method(Method::Exp), &[0]);
        let one = ssa.add(Operation::Constant(Constant::number(1.0)), &[]);
        let sum = ssa.add(Operation::Add, &[e, one]);
        let y = ssa.add(Operation::Div, &[one, sum]);
        let product = ssa.add(Operation::Chain, &[y, e]);
        let other = ssa.add(Operation::Mul, &[y, sum]);
        ssa.simplify_logistic_slope(sum); // not of the form `1 / (1 + e)`
        assert!(*ssa.operation(product) == Operation::Chain);
        ssa.simplify_logistic_slope(y);
        assert!(*ssa.operation(product) == Operation::Sub && ssa.nodes[product].operands == [one, y]);
        assert!(*ssa.operation(other) == Operation::Mul);
    }
}
