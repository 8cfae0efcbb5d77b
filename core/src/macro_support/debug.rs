use std::fmt::{self, Formatter};

use crate::networks::Network;

/// Shows a network as the names and types of its layers.
///
/// # Errors
///
/// Those of the formatter.
#[doc(hidden)] // `network!` writes calls of it
pub fn debug<Net: Network>(network: &Net, f: &mut Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(Net::NAME);
    for layer in network.layers() {
        shown.field(layer.name, &format_args!("{}", layer.kind));
    }
    shown.field("loss", &format_args!("{}", Net::LOSS)).finish()
}
