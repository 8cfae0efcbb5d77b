//! The chain rule, as the book's chapter on backpropagation shows it: `z = (x + y)²`, and the sigmoid function taken apart.
//!
//! ```text
//! cargo run --example chain_rule
//! ```

use typenet::prelude::*;

/// `z = t²` with `t = x + y`, so `∂z/∂x = ∂z/∂t · ∂t/∂x = 2t · 1`.
#[differentiable]
fn squared_sum<T: Scalar>(x: T, y: T) -> T {
    let t = x + y;
    t.powi(2)
}

/// `y = 1 / (1 + exp(-x))`, so `∂y/∂x = y² exp(-x) = y (1 - y)`.
#[differentiable]
fn sigmoid<T: Scalar>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

fn main() {
    print!("{}\n{}", chain_rule(2.0, 3.0), sigmoid_taken_apart(0.5));
}

fn chain_rule(x: f64, y: f64) -> String {
    let call = squared_sum::forward(x, y);
    let gradient = call.backward(1.0);
    format!(
        "z = (x + y)^2, at x = {x} and y = {y}\n  z: {}\n  dz/dx: {}\n  dz/dy: {}\n",
        call.value(),
        gradient.x,
        gradient.y
    )
}

fn sigmoid_taken_apart(x: f64) -> String {
    let call = sigmoid::forward(x);
    let (y, slope) = (call.value(), call.backward(1.0).x);
    format!("y = 1 / (1 + exp(-x)), at x = {x}\n  y: {y:.6}\n  dy/dx: {slope:.6}\n  y (1 - y): {:.6}\n", y * (1.0 - y))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers after the names, in order.
    fn numbers(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| line.split_once(": ")).map(|(_, number)| number).collect()
    }

    #[test]
    fn the_derivative_is_twice_the_sum() {
        assert_eq!(numbers(&chain_rule(2.0, 3.0)), ["25", "10", "10"]);
    }

    #[test]
    fn the_derivative_of_the_sigmoid_is_y_times_one_less_y() {
        assert_eq!(numbers(&sigmoid_taken_apart(0.0)), ["0.500000", "0.250000", "0.250000"]);
        let text = sigmoid_taken_apart(0.5);
        let found = numbers(&text);
        assert_eq!(found[1], found[2]);
    }
}
