//! A network whose parameters are constants of the program.

use std::fmt::{self, Debug, Formatter};
use std::ops::Deref;
use std::sync::OnceLock;

use crate::networks::network::Network;
use crate::parameters::{Constants, Embed, Path};

/// A network whose parameters are constants in the program's read-only memory, made by
/// [`include_network!`](../typenet/macro.include_network.html).
///
/// It dereferences to the network, which reads its parameters in place. A change of the parameters of a
/// [copy](Self::network) copies them to the heap first.
pub struct Embedded<Net> {
    constants: Constants,
    network: OnceLock<Net>,
}

impl<Net: Network + Embed<Net::Scalar>> Embedded<Net> {
    #[doc(hidden)] // `include_network!` checks the constants
    pub const fn new(constants: Constants) -> Self {
        Self { constants, network: OnceLock::new() }
    }

    /// A network of your own, for example to train it further. Its parameters are not copied before they change.
    pub fn network(&self) -> Net {
        Net::embed(self.constants, Path::root(""))
    }
}

impl<Net: Network + Embed<Net::Scalar>> Deref for Embedded<Net> {
    type Target = Net;

    fn deref(&self) -> &Net {
        self.network.get_or_init(|| self.network())
    }
}

impl<Net: Network> Debug for Embedded<Net> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("network", &Net::NAME).finish_non_exhaustive()
    }
}
