//! Frozen parameters: training steps leave them unchanged.

#[cfg(feature = "alloc")]
use alloc::{string::ToString, vec::Vec};
use std::iter::repeat;
use std::marker::PhantomData;

#[cfg(feature = "alloc")]
use crate::networks::pattern::matches;
#[cfg(feature = "alloc")]
use crate::networks::unknown::UnknownParameter;
#[cfg(feature = "alloc")]
use crate::parameters::{Leaf, Parameters, Path, each};
use crate::scalar::Scalar;

/// The parameters of a network that training steps leave unchanged; see `Network::freeze`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen<T> {
    /// One flag for each parameter and buffer, in the order of `each`; empty if nothing is frozen.
    #[cfg(feature = "alloc")]
    flags: Vec<bool>,
    scalar: PhantomData<T>,
}

impl<T> Default for Frozen<T> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<T> Frozen<T> {
    /// No parameter is frozen.
    pub const NONE: Self = Self {
        #[cfg(feature = "alloc")]
        flags: Vec::new(),
        scalar: PhantomData,
    };
}

#[cfg(feature = "alloc")]
impl<T> Frozen<T> {
    /// Returns true if any parameter is frozen.
    pub fn any(&self) -> bool {
        self.flags.contains(&true)
    }

    /// The flags of all parameters and buffers, in the order of `each`, followed by `false` without end.
    pub(crate) fn flags(&self) -> impl Iterator<Item = bool> + use<'_, T> {
        self.flags.iter().copied().chain(repeat(false))
    }

    /// Freezes or thaws the parameters that match a pattern, or whose layer does.
    pub(super) fn set(
        &mut self,
        network: &dyn Parameters<T>,
        network_name: &'static str,
        pattern: &str,
        is_frozen: bool,
    ) -> Result<(), UnknownParameter>
    where
        T: Scalar,
    {
        let mut flags: Vec<bool> = Vec::new();
        let (mut found, mut old_flags) = (false, self.flags());
        each(network, Path::root(""), &mut |at, leaf| {
            if let Leaf::Parameter { .. } = leaf {
                let is_named = matches(pattern, &at.to_string());
                found |= is_named;
                let was_frozen = old_flags.next() == Some(true);
                flags.push(if is_named { is_frozen } else { was_frozen });
            }
        });
        drop(old_flags);
        if !found {
            return Err(UnknownParameter::new(pattern, network, network_name));
        }
        self.flags = flags;
        Ok(())
    }
}
