//! Stores and resumes training runs.

use std::path::{Path, PathBuf};

use nalgebra::{DimName, Dyn};

use crate::formats::checkpoint;
use crate::formats::checkpoint::{Problem, Stored, Surplus, try_place};
use crate::matrix::Samples;
use crate::networks::DataFor;
use crate::networks::Network;
use crate::optimizers::Optimizer;
use crate::scalar::Scalar;
use crate::target::Target;
use crate::training::error::TrainingError;
use crate::training::listing::differences;
use crate::training::settings::{Checkpoints, Listing};
use crate::training::trainer::Trainer;

/// The number of samples in the checksum of the data.
const LOOKED_AT: usize = 16;

impl<Net: Network, O, D> Trainer<'_, Net, O, D> {
    /// Stores the training run in a file after every `every` steps and at its end.
    ///
    /// [`resume`](Self::resume) continues from the file. [`checkpoint`](crate::checkpoint) describes the format.
    /// Requires the feature `checkpoint`.
    ///
    /// A crash leaves the last file complete. After a divergence, or with parameters that are not finite, no file is
    /// written. [`run`](Self::run) checks before the first step that it can write the file.
    ///
    /// With a [collective](Self::collective), only rank 0 writes the file.
    ///
    /// The file includes the history, which grows by 16 bytes per step: use a large interval for a long training run.
    #[must_use]
    pub fn checkpoint(self, path: impl Into<PathBuf>, every: u64) -> Self {
        self.settings(|settings| settings.checkpoints.to = Some((path.into(), every)))
    }

    /// Continues the training run of a [checkpoint](Self::checkpoint), with the same bits as without the interruption.
    ///
    /// The trainer needs the same data and settings, such as the optimizer and the schedule. Only the length and the
    /// patience of [early stopping](Self::early_stopping) may differ. [`run`](Self::run) compares all settings and some
    /// samples, so settings can also follow this call. Requires the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Read`](crate::CheckpointError::Read) if the file cannot be read;
    /// [`CheckpointError::Format`](crate::CheckpointError::Format) if it is damaged, or holds another network, another
    /// optimizer or no training run.
    pub fn resume(mut self, path: impl AsRef<Path>) -> Result<Self, TrainingError> {
        let path = path.as_ref();
        match (self.take_over)(&mut self, path) {
            Ok(settings) => self.settings.checkpoints.from = Some((path.to_owned(), settings)),
            Err(problem) => return Err(problem.of(path).into()),
        }
        Ok(self)
    }
}

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Trainer<'_, Net, O, D> {
    /// Restores the state from a file and returns the file's settings.
    pub(super) fn take_over(&mut self, path: &Path) -> Result<Listing, Problem> {
        let mut stored = Stored::open::<Net>(path)?;
        let training = stored.metadata.training.take();
        let mut training = training.ok_or_else(|| "holds only a network, but no training run to resume".to_owned())?;
        let [found, expected] = [&*training.optimizer, self.optimizer.name()];
        if found != expected {
            return Err(
                format!("is from a training run with the optimizer `{found}`, but this one has `{expected}`").into()
            );
        }
        let tensors = stored.read::<Net>(&self.slots(&training), Surplus::Refused)?;
        let settings = std::mem::take(&mut training.settings);
        self.restore(&training, tensors)?;
        Ok(settings)
    }

    /// Stores the training run if checkpoints are on.
    pub(super) fn save(&self, seconds: f64) -> Result<(), TrainingError> {
        let Some((path, _)) = self.settings.checkpoints.to.as_ref().filter(|_| self.rank() == 0) else { return Ok(()) };
        Ok(checkpoint::write(path, Some(self.progress(seconds, self.same())), &self.net, self.tensors())?)
    }

    /// Checks before the first step that the run can be resumed and stored.
    pub(super) fn check_checkpoints(&self) -> Result<(), TrainingError> {
        let Checkpoints { to, from } = &self.settings.checkpoints;
        if let Some((path, settings)) = from {
            compare(settings, &self.same()).map_err(|problem| Problem::Wrong(problem).of(path))?;
        }
        match to {
            Some((_, 0)) => {
                let problem = "`checkpoint` is every 0 steps, but the interval should be at least 1";
                Err(TrainingError::Setting(problem.to_owned()))
            }
            Some((path, _)) if self.rank() == 0 => {
                Ok(try_place(path).map_err(|problem| Problem::Unwritable(problem).of(path))?)
            }
            _ => Ok(()),
        }
    }

    /// The settings that must be the same to resume.
    fn same(&self) -> Listing {
        let mut same = self.listing();
        same.insert("samples".to_owned(), self.data.len().to_string());
        same.insert("data".to_owned(), fingerprint::<Net, D>(self.data));
        same
    }
}

/// A checksum of evenly spaced samples and their targets, including the first and the last.
fn fingerprint<Net: Network, D: DataFor<Net>>(data: &D) -> String {
    let count = LOOKED_AT.min(data.len());
    let indices: Vec<usize> = (0..count).map(|place| place * (data.len() - 1) / (count - 1).max(1)).collect();
    let (mut x, mut target) = (Samples::zeros(Dyn(count), Net::Input::name()), D::Target::empty(Dyn(count)));
    data.gather_into(&indices, &mut x, &mut target);
    checkpoint::checksum_of(x.iter().map(|number| number.as_f64()).chain(target.digest()))
}

/// Lists all settings that differ from the file.
fn compare(was: &Listing, is: &Listing) -> Result<(), String> {
    let opaque = [("seed", "its seed differs"), ("data", "its data differ")];
    let different = differences(was, is, &opaque, |name, was, is| format!("`{name}` was {was} and is {is}"));
    if different.is_empty() { Ok(()) } else { Err(format!("is from another training run: {}", different.join(", "))) }
}
