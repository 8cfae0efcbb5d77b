use nalgebra::Dyn;

use crate::data::Data;
use crate::networks::network::{Network, TargetOf};

/// [`Data`] that a network can learn from: it has the network's scalar and features, and its loss's target.
#[diagnostic::on_unimplemented(
    message = "`{Net}` cannot learn from `{Self}`",
    label = "the network calculates with another scalar, or has another number of features or outputs"
)]
pub trait DataFor<Net: Network>: Data<Net::Scalar, Net::Input, Net::Output, Target = TargetOf<Net, Dyn>> {}

impl<Net, D> DataFor<Net> for D
where
    Net: Network,
    D: Data<Net::Scalar, Net::Input, Net::Output, Target = TargetOf<Net, Dyn>>,
{
}
