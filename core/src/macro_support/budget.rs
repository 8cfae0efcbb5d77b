//! Compares the costs of a network with its budget, at compile time.

use crate::macro_support::message::Message;
use crate::networks::Network;

/// A cost that a budget limits.
#[derive(Clone, Copy, Debug)]
pub enum Cost {
    /// The learned parameters.
    Parameters,
    /// The bytes of the parameters and running statistics.
    Bytes,
    /// The multiply-adds for one sample.
    MultiplyAdds,
}

/// The number of learned parameters of a network.
///
/// # Panics
///
/// If a layer does not declare its parameters.
#[track_caller]
pub const fn parameters<Net: Network>() -> usize {
    let (mut sum, mut next) = (0, 0);
    while next < Net::LAYERS.len() {
        sum += cost_of_layer::<Net>(Cost::Parameters, next);
        next += 1;
    }
    sum
}

/// The message that a network exceeds its budget, with the costs of the layers, or `None`.
///
/// # Panics
///
/// If a layer does not declare its parameters.
#[track_caller]
pub const fn exceeds<Net: Network>(cost: Cost, budget: usize) -> Option<Message> {
    let (mut total, mut next) = (0, 0);
    while next < Net::LAYERS.len() {
        total += cost_of_layer::<Net>(cost, next);
        next += 1;
    }
    if total <= budget {
        return None;
    }
    let unit = match cost {
        Cost::Parameters => " parameters",
        Cost::Bytes => " bytes of parameters",
        Cost::MultiplyAdds => " multiply-adds",
    };
    let message = Message::new().text("`").text(Net::NAME).text("` has ").number(total).text(unit);
    let mut message = message.text(", but its budget is ").number(budget);
    let mut separator = ": ";
    next = 0;
    while next < Net::LAYERS.len() {
        let cost = cost_of_layer::<Net>(cost, next);
        if cost > 0 {
            message = message.text(separator).text("`").text(Net::LAYERS[next]).text("` ").number(cost);
            separator = ", ";
        }
        next += 1;
    }
    Some(message)
}

#[track_caller]
const fn cost_of_layer<Net: Network>(cost: Cost, layer: usize) -> usize {
    if Net::PARTS[layer].is_unknown() && !matches!(cost, Cost::MultiplyAdds) {
        let message = Message::new().text("the parameters of `").text(Net::NAME).text("` cannot be counted, because `");
        let message =
            message.text(Net::LAYERS[layer]).text("` does not declare its own: implement `typenet::Embed` for it");
        panic!("{}", message.as_str())
    }
    match cost {
        Cost::Parameters => Net::PARTS[layer].learned(),
        Cost::Bytes => Net::PARTS[layer].stored() * size_of::<Net::Scalar>(),
        Cost::MultiplyAdds => Net::COSTS[layer],
    }
}
