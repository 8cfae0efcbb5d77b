//! A fallback for `load`, which needs a disabled feature.

use std::path::Path;

use nalgebra::Const;

use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::images::Images;

/// Implemented for nothing: names the missing feature in an error.
#[diagnostic::on_unimplemented(
    message = "reading images requires typenet's feature `image`",
    label = "the feature `image` is off",
    note = "enable it in `Cargo.toml`: `typenet = {{ ..., features = [\"image\"] }}`"
)]
pub trait ReadImages {}

#[doc(hidden)]
#[allow(missing_docs, clippy::missing_errors_doc)] // no code can call it
impl<const C: usize, const H: usize, const W: usize> Images<C, H, W> {
    #[allow(clippy::type_complexity)]
    pub fn load<const F: usize, const K: usize>(
        _: impl AsRef<Path>,
    ) -> Result<(Dataset<Const<F>, Const<K>>, Vec<String>), DataError>
    where
        Self: ReadImages,
    {
        unreachable!("the trait is implemented for nothing")
    }
}
