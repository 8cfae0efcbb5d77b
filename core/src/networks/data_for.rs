use nalgebra::Dyn;

use crate::data::Data;
use crate::networks::network::{Network, TargetOf};

/// [`Data`] that fits a network: same scalar and features, and targets for its loss.
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
