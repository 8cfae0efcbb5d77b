//! A parameter that is not a number. The code that uses the function has no further error.
//@ &[f64] | expected `f64`, found `&[f64]`
use typenet::prelude::*;

#[differentiable]
fn first(values: &[f64]) -> f64 {
    values[0]
}

fn main() {
    let value: f64 = first(&[1.0, 2.0]) + 1.0;
    let call = first::forward(&[1.0, 2.0]);
    let slope: f64 = call.value() + call.backward(1.0).values;
    println!("{value} {slope} {}", call.graph_with_gradients(1.0));
}
