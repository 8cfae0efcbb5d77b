//! Trainings that are stored while they run, and that go on from there.

use std::collections::BTreeMap;
use std::fmt::Write;
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
use crate::training::order::Sampling;
use crate::training::settings::{Checkpoints, Length};
use crate::training::trainer::Trainer;

/// How many samples tell whether data are the same.
const LOOKED_AT: usize = 16;

impl<Net: Network, O, D> Trainer<'_, Net, O, D> {
    /// Stores the training in a file after each so many steps, and where it ends, also by a watcher:
    /// [`resume`](Self::resume) goes on from there. It takes the feature `checkpoint`.
    ///
    /// Whatever happens, the file is there whole: the new one or the one before. It is never of a training that has
    /// diverged, nor has it weights that are not finite. [`checkpoint`](crate::checkpoint) tells its format.
    ///
    /// A file holds all that has happened, so it grows by 16 bytes a step: it should not be written every few steps of a
    /// long training. Whether it can be written is seen before the first step.
    #[must_use]
    pub fn checkpoint(self, path: impl Into<PathBuf>, every: u64) -> Self {
        self.settings(|settings| settings.checkpoints.to = Some((path.into(), every)))
    }

    /// Goes on with the training that a [checkpoint](Self::checkpoint) was written by, to the same bits as if there had
    /// been no break. It takes the feature `checkpoint`.
    ///
    /// It has to be set up as it was: the same optimiser and schedule, the same data, of which some samples are looked at,
    /// and so on. The length may be another, and the patience of [early stopping](Self::early_stopping). Where a setting is
    /// not the same, [`run`](Self::run) says so: they can be settled before or after this.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Read`](crate::CheckpointError::Read) if the file cannot be read; [`CheckpointError::Format`](crate::CheckpointError::Format) if it is damaged, or is that of another network or
    /// optimiser, or of a network alone.
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
    /// Takes all from a file, and returns the settings in it.
    pub(super) fn take_over(&mut self, path: &Path) -> Result<BTreeMap<String, String>, Problem> {
        let mut stored = Stored::open::<Net>(path)?;
        let training = stored.metadata.training.take();
        let mut training = training.ok_or_else(|| "holds a network alone, no training to go on with".to_owned())?;
        let [found, expected] = [&*training.optimizer, self.optimizer.name()];
        if found != expected {
            return Err(format!("is of a training with the optimiser `{found}`, but this one has `{expected}`").into());
        }
        let tensors = stored.read::<Net>(&self.slots(&training), Surplus::Refused)?;
        let settings = std::mem::take(&mut training.settings);
        self.restore(&training, tensors)?;
        Ok(settings)
    }

    /// Stores the training if it is to be stored at all.
    pub(super) fn save(&self, seconds: f64) -> Result<(), TrainingError> {
        let Some((path, _)) = &self.settings.checkpoints.to else { return Ok(()) };
        Ok(checkpoint::write(path, Some(self.progress(seconds, self.same())), &self.net, self.tensors())?)
    }

    /// Says what stands in the way of going on, or of storing, before the first step.
    pub(super) fn check_checkpoints(&self) -> Result<(), TrainingError> {
        let Checkpoints { to, from } = &self.settings.checkpoints;
        if let Some((path, settings)) = from {
            compare(settings, &self.same()).map_err(|problem| Problem::Wrong(problem).of(path))?;
        }
        match to {
            Some((_, 0)) => {
                let problem = "checkpoints have to be one step apart at least, and `checkpoint` says 0";
                Err(TrainingError::Setting(problem.to_owned()))
            }
            Some((path, _)) => Ok(try_place(path).map_err(|problem| Problem::Unwritable(problem).of(path))?),
            None => Ok(()),
        }
    }

    /// All that has to be the same for the training to be the same.
    fn same(&self) -> BTreeMap<String, String> {
        let Self { optimizer, data, settings, validation, .. } = self;
        let common = optimizer.common();
        let own = optimizer.settings().into_iter().map(|(name, value)| (name, value.to_string()));
        let shared = [
            ("weight_decay", common.weight_decay.to_string()),
            ("clip_norm", or_none(common.clip_norm)),
            ("schedule", settings.schedule.to_string()),
            ("samples", data.len().to_string()),
            ("data", fingerprint::<Net, D>(data)),
            ("validation", or_none(validation.as_ref().map(|validation| validation.samples))),
            ("validation_split", or_none(settings.validation_share)),
            ("batch_size", settings.batch.to_string()),
            ("sampling", sampling(settings.sampling).to_owned()),
            ("seed", hexadecimal(&settings.rng.serialize_state())),
            ("evaluate_every", length(settings.evaluate)),
            ("evaluate_at_start", settings.evaluate_at_start.to_string()),
        ];
        own.chain(shared).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// A checksum of some of the samples and their targets: the first, the last, and what lies evenly between them.
fn fingerprint<Net: Network, D: DataFor<Net>>(data: &D) -> String {
    let count = LOOKED_AT.min(data.len());
    let indices: Vec<usize> = (0..count).map(|place| place * (data.len() - 1) / (count - 1).max(1)).collect();
    let (mut x, mut target) = (Samples::zeros(Dyn(count), Net::Input::name()), D::Target::empty(Dyn(count)));
    data.gather_into(&indices, &mut x, &mut target);
    checkpoint::checksum_of(x.iter().map(|number| number.as_f64()).chain(target.digest()))
}

/// Names every setting that is not what it was.
fn compare(was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> Result<(), String> {
    let none = "none".to_owned();
    let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
    let all = names.map(|name| (name, was.get(name).unwrap_or(&none), is.get(name).unwrap_or(&none)));
    let different = all.filter(|(_, was, is)| was != is);
    let different = different.map(|(name, was, is)| match name.as_str() {
        "seed" => "it has another seed".to_owned(),
        "data" => "its data are others".to_owned(),
        _ => format!("`{name}` was {was} and is {is}"),
    });
    let different: Vec<_> = different.collect();
    if different.is_empty() { Ok(()) } else { Err(format!("is of another training: {}", different.join(", "))) }
}

fn or_none(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn sampling(sampling: Sampling) -> &'static str {
    match sampling {
        Sampling::Shuffled => "shuffled",
        Sampling::WithReplacement => "with replacement",
    }
}

fn length(length: Length) -> String {
    match length {
        Length::Steps(steps) => format!("{steps} steps"),
        Length::Epochs(epochs) => format!("{epochs} epochs"),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // a string takes all
    }
    text
}
