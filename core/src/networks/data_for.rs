use nalgebra::Dyn;

use crate::data::Data;
use crate::networks::network::{Network, TargetOf};

/// [`Data`] that fits a network: same scalar and features, and targets for its loss.
#[diagnostic::on_unimplemented(
    message = "`{Net}` cannot use `{Self}` as data",
    label = "its scalar type or its number of features or outputs differs from the network's"
)]
pub trait DataFor<Net: Network>: Data<Net::Scalar, Net::Input, Net::Output, Target = TargetOf<Net, Dyn>> {}

impl<Net, D> DataFor<Net> for D
where
    Net: Network,
    D: Data<Net::Scalar, Net::Input, Net::Output, Target = TargetOf<Net, Dyn>>,
{
}
