//! The computational graphs that the book's chapter on backpropagation begins with: apples and oranges.
//!
//! ```text
//! cargo run --example apples
//! ```

use typenet::node::{Add, Mul};

fn main() {
    print!("{}\n{}", apples(), apples_and_oranges());
}

/// Two apples at 100 each, and 10 % tax.
fn apples() -> String {
    let (apple, number, tax) = (100.0, 2.0, 1.1);

    let (price_of_apples, mul_apples) = Mul::forward(apple, number);
    let (price, mul_tax) = Mul::forward(price_of_apples, tax);

    let (d_price_of_apples, d_tax) = mul_tax.backward(1.0);
    let (d_apple, d_number) = mul_apples.backward(d_price_of_apples);

    format!(
        "Two apples\n  price: {price:.0}\n  dApple: {d_apple:.1}\n  dApple_num: {d_number:.0}\n  dTax: {d_tax:.0}\n"
    )
}

/// Two apples at 100, three oranges at 150, and 10 % tax.
fn apples_and_oranges() -> String {
    let (apple, apples, orange, oranges, tax) = (100.0, 2.0, 150.0, 3.0, 1.1);

    let (price_of_apples, mul_apples) = Mul::forward(apple, apples);
    let (price_of_oranges, mul_oranges) = Mul::forward(orange, oranges);
    let (price_of_all, add) = Add::forward(price_of_apples, price_of_oranges);
    let (price, mul_tax) = Mul::forward(price_of_all, tax);

    let (d_price_of_all, d_tax) = mul_tax.backward(1.0);
    let (d_price_of_apples, d_price_of_oranges) = add.backward(d_price_of_all);
    let (d_orange, d_oranges) = mul_oranges.backward(d_price_of_oranges);
    let (d_apple, d_apples) = mul_apples.backward(d_price_of_apples);

    format!(
        "Two apples and three oranges\n  price: {price:.0}\n  dApple: {d_apple:.1}\n  dApple_num: {d_apples:.0}\n  \
         dOrange: {d_orange:.1}\n  dOrange_num: {d_oranges:.0}\n  dTax: {d_tax:.0}\n"
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
