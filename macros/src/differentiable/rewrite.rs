//! Slopes in terms of what a function results in, which is there on the way back: so they take less.

use super::operation::{Method, Operation};
use super::ssa::{Id, Node, Ssa};

impl Ssa {
    /// Where `y` is `1 / (1 + e)`, writes `y · e` as `1 - y`: the same number, without `e`, to within the rounding of 1.
    pub fn in_terms_of_share(&mut self, y: Id) {
        let Some((one, e)) = self.parts_of_share(y) else { return };
        for node in &mut self.nodes[y + 1..] {
            let is_product = matches!(node.operation, Operation::Mul | Operation::Chain);
            if is_product && (node.operands == [y, e] || node.operands == [e, y]) {
                *node = Node { operation: Operation::Sub, operands: vec![one, y] };
            }
        }
    }

    /// `1` and `e` of `1 / (1 + e)`.
    fn parts_of_share(&self, y: Id) -> Option<(Id, Id)> {
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
    fn a_share_times_its_part_is_what_is_left_of_1() {
        let mut ssa = Ssa::new(1);
        let e = ssa.add(Operation::Method(Method::Exp), &[0]);
        let one = ssa.add(Operation::Constant(Constant::number(1.0)), &[]);
        let sum = ssa.add(Operation::Add, &[e, one]);
        let y = ssa.add(Operation::Div, &[one, sum]);
        let product = ssa.add(Operation::Chain, &[y, e]);
        let other = ssa.add(Operation::Mul, &[y, sum]);
        ssa.in_terms_of_share(sum); // not a share
        assert!(*ssa.operation(product) == Operation::Chain);
        ssa.in_terms_of_share(y);
        assert!(*ssa.operation(product) == Operation::Sub && ssa.nodes[product].operands == [one, y]);
        assert!(*ssa.operation(other) == Operation::Mul);
    }
}
