//! The computational graphs that the book's chapter on backpropagation begins with: apples and oranges.
//!
//! ```text
//! cargo run --example apples
//! ```

use typenet::prelude::*;

/// The first graph: apples, and tax on them.
#[differentiable]
fn one_kind<T: Scalar>(apple: T, apples: T, tax: T) -> T {
    apple * apples * tax
}

/// The second graph: apples and oranges, and tax on both.
#[differentiable]
fn two_kinds<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
    let fruit = apple * apples + orange * oranges;
    fruit * tax
}

fn main() {
    print!("{}\n{}", apples(), apples_and_oranges());
}

/// Two apples at 100 each, and 10 % tax.
fn apples() -> String {
    let call = one_kind::forward(100.0, 2.0, 1.1);
    let (price, gradient) = (call.value(), call.backward(1.0));
    // GRAPH: `call.graph_with_gradients(1.0)` is to be printed here as well, once a graph has `Display`.
    format!(
        "Two apples\n  price: {price:.0}\n  dApple: {:.1}\n  dApple_num: {:.0}\n  dTax: {:.0}\n",
        gradient.apple, gradient.apples, gradient.tax
    )
}

/// Two apples at 100, three oranges at 150, and 10 % tax.
fn apples_and_oranges() -> String {
    let call = two_kinds::forward(100.0, 2.0, 150.0, 3.0, 1.1);
    let (price, gradient) = (call.value(), call.backward(1.0));
    // GRAPH: `call.graph_with_gradients(1.0)` is to be printed here as well, once a graph has `Display`.
    format!(
        "Two apples and three oranges\n  price: {price:.0}\n  dApple: {:.1}\n  dApple_num: {:.0}\n  \
         dOrange: {:.1}\n  dOrange_num: {:.0}\n  dTax: {:.0}\n",
        gradient.apple, gradient.apples, gradient.orange, gradient.oranges, gradient.tax
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers after the names, in order.
    fn numbers(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| line.split_once(": ")).map(|(_, number)| number).collect()
    }

    #[test]
    fn two_apples_cost_220() {
        assert_eq!(numbers(&apples()), ["220", "2.2", "110", "200"]);
    }

    #[test]
    fn two_apples_and_three_oranges_cost_715() {
        assert_eq!(numbers(&apples_and_oranges()), ["715", "2.2", "110", "3.3", "165", "650"]);
    }
}
