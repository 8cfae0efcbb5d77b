use std::fmt::{self, Formatter};

use crate::networks::Network;

/// Formats a network as the names and types of its layers.
///
/// # Errors
///
/// Returns the errors of the formatter.
#[doc(hidden)] // `network!` generates the calls
pub fn debug<Net: Network>(network: &Net, f: &mut Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(Net::NAME);
    for layer in network.layers() {
        shown.field(layer.name, &format_args!("{}", layer.kind));
    }
    shown.field("loss", &format_args!("{}", Net::LOSS)).finish()
}
