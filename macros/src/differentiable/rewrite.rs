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

    /// Where `y` is `max(x, 0) + t`, it is `t` wherever `x < 0`. So what flows back there alone, and is `c (e + 1)` where
    /// `t = c · e`, is written as `y + c`: without `e`, and so without what `e` takes.
    pub fn in_terms_of_part(&mut self, y: Id) {
        let Some((x, zero, t)) = self.part_below(y) else { return };
        for gate in y + 1..self.nodes.len() {
            let &[smaller, greater, flow] = &*self.nodes[gate].operands else { continue };
            let is_gate = *self.operation(gate) == Operation::WhereSmaller && (smaller, greater) == (x, zero);
            let uses = self.nodes.iter().flat_map(|node| &node.operands).filter(|&&operand| operand == flow).count();
            if is_gate
                && flow > y
                && uses == 1
                && let Some(c) = self.factor(flow, t)
            {
                self.nodes[flow] = Node { operation: Operation::Add, operands: vec![y, c] };
            }
        }
    }

    /// `x`, `0` and `t` of `max(x, 0) + t`.
    fn part_below(&self, y: Id) -> Option<(Id, Id, Id)> {
        let (Operation::Add, &[one, other]) = (self.operation(y), &*self.nodes[y].operands) else { return None };
        [(one, other), (other, one)].into_iter().find_map(|(max, t)| {
            match (self.operation(max), &*self.nodes[max].operands) {
                (Operation::Method(Method::Max), &[x, zero]) if self.is(zero, 0.0) => Some((x, zero, t)),
                (Operation::Method(Method::Max), &[zero, x]) if self.is(zero, 0.0) => Some((x, zero, t)),
                _ => None,
            }
        })
    }

    /// `c`, where the one is `c (e + 1)` and the other `c · e`.
    fn factor(&self, one: Id, other: Id) -> Option<Id> {
        let pairs = |id: Id| match *self.nodes[id].operands {
            [x, y] => vec![(x, y), (y, x)],
            _ => Vec::new(),
        };
        let product = |id: Id| match self.operation(id) {
            Operation::Mul | Operation::Chain => pairs(id),
            _ => Vec::new(),
        };
        // With no factor, `c` is the 1 of the sum.
        let plain = pairs(one)
            .into_iter()
            .find(|&(e, c)| e == other && self.is(c, 1.0) && *self.operation(one) == Operation::Add);
        let with_factor = || {
            product(one).into_iter().find(|&(c, sum)| {
                *self.operation(sum) == Operation::Add
                    && pairs(sum).into_iter().any(|(e, one)| self.is(one, 1.0) && product(other).contains(&(c, e)))
            })
        };
        plain.map(|(_, c)| c).or_else(|| with_factor().map(|(c, _)| c))
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
        ssa.in_terms_of_share(sum); // which is none
        assert!(*ssa.operation(product) == Operation::Chain);
        ssa.in_terms_of_share(y);
        assert!(*ssa.operation(product) == Operation::Sub && ssa.nodes[product].operands == [one, y]);
        assert!(*ssa.operation(other) == Operation::Mul);
    }

    #[test]
    fn below_0_a_part_is_all_there_is() {
        for (with_factor, ours) in [(true, true), (true, false), (false, true)] {
            let mut ssa = Ssa::new(2);
            let zero = ssa.add(Operation::Constant(Constant::number(0.0)), &[]);
            let one = ssa.add(Operation::Constant(Constant::number(1.0)), &[]);
            let [below, above] =
                [Method::Min, Method::Max].map(|method| ssa.add(Operation::Method(method), &[0, zero]));
            let e = ssa.add(Operation::Method(Method::ExpM1), &[below]);
            let t = if with_factor { ssa.add(Operation::Mul, &[1, e]) } else { e };
            let y = ssa.add(Operation::Add, &[above, t]);
            let sum = ssa.add(Operation::Add, &[e, one]);
            let flow = if with_factor { ssa.add(Operation::Chain, &[1, sum]) } else { sum };
            ssa.add(if ours { Operation::WhereSmaller } else { Operation::WhereGreater }, &[0, zero, flow]);
            ssa.in_terms_of_part(y);
            let is_changed = *ssa.operation(flow) == Operation::Add && ssa.nodes[flow].operands[0] == y;
            assert_eq!(is_changed, ours);
            assert!(!ours || ssa.nodes[flow].operands[1] == if with_factor { 1 } else { one });
        }
    }
}
