//! Errors of names that a network does not have.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::parameters::{Parameters, Path, parameters};
use crate::scalar::Scalar;

/// No parameter or layer of a network has the requested name, or matches the requested pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{network}` has no parameter `{name}`; it has {}", names.join(", "))]
#[non_exhaustive]
pub struct UnknownParameter {
    /// The requested name or pattern.
    pub name: String,
    /// The name of the network.
    pub network: &'static str,
    /// The names of all parameters of the network.
    pub names: Vec<String>,
}

impl UnknownParameter {
    pub(super) fn new<T: Scalar>(name: &str, network: &dyn Parameters<T>, network_name: &'static str) -> Self {
        let names = parameters(network, Path::root("")).into_iter().map(|parameter| parameter.name).collect();
        Self { name: name.to_owned(), network: network_name, names }
    }
}

/// No layer of a network has the requested name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{network}` has no layer `{name}`; it has {}", names.join(", "))]
#[non_exhaustive]
pub struct UnknownLayer {
    /// The requested name.
    pub name: String,
    /// The name of the network.
    pub network: &'static str,
    /// The names of all layers of the network, inner ones included.
    pub names: Vec<String>,
}
