//! Frozen parameters: training steps leave them unchanged.

use std::iter::repeat;
use std::marker::PhantomData;

use crate::parameters::{Leaf, Parameters, Path, each, parameters};
use crate::scalar::Scalar;

/// No parameter or layer of a network has the requested name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{network}` has no parameter `{name}`; it has {}", names.join(", "))]
#[non_exhaustive]
pub struct UnknownParameter {
    /// The requested name.
    pub name: String,
    /// The name of the network.
    pub network: &'static str,
    /// The names of all parameters of the network.
    pub names: Vec<String>,
}

/// The parameters of a network that training steps leave unchanged; see [`Network::freeze`](crate::Network::freeze).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen<T> {
    /// One flag for each parameter and buffer, in the order of `each`; empty if nothing is frozen.
    flags: Vec<bool>,
    scalar: PhantomData<T>,
}

impl<T> Default for Frozen<T> {
    fn default() -> Self {
        Self { flags: Vec::new(), scalar: PhantomData }
    }
}

impl<T> Frozen<T> {
    /// Returns true if any parameter is frozen.
    pub fn any(&self) -> bool {
        self.flags.contains(&true)
    }

    /// The flags of all parameters and buffers, in the order of `each`, followed by `false` without end.
    pub(crate) fn flags(&self) -> impl Iterator<Item = bool> + use<'_, T> {
        self.flags.iter().copied().chain(repeat(false))
    }

    /// Freezes or thaws the parameter called `name`, or everything in the layer called `name`.
    pub(super) fn set(
        &mut self,
        network: &dyn Parameters<T>,
        network_name: &'static str,
        name: &str,
        is_frozen: bool,
    ) -> Result<(), UnknownParameter>
    where
        T: Scalar,
    {
        let mut flags: Vec<bool> = Vec::new();
        let (mut found, mut old_flags) = (false, self.flags());
        each(network, Path::root(""), &mut |at, leaf| {
            if let Leaf::Parameter { .. } = leaf {
                let at = at.to_string();
                let matches = at.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                found |= matches;
                let was_frozen = old_flags.next() == Some(true);
                flags.push(if matches { is_frozen } else { was_frozen });
            }
        });
        drop(old_flags);
        if !found {
            let names = parameters(network, Path::root("")).into_iter().map(|parameter| parameter.name).collect();
            return Err(UnknownParameter { name: name.to_owned(), network: network_name, names });
        }
        self.flags = flags;
        Ok(())
    }
}
