//! Checks the settings of a training run before its first step.

use std::collections::BTreeSet;

use nalgebra::{DimName, Dyn};
use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;

use crate::data::Subset;
use crate::losses::Loss;
use crate::matrix::Samples;
use crate::networks::{DataFor, Network};
use crate::parameters::{Path, first_invalid_setting, first_not_finite, first_short_of_samples};
use crate::target::Target;
use crate::training::error::TrainingError;
use crate::training::order::Order;
use crate::training::settings::{Length, Settings};
use crate::training::trainer::Trainer;

/// The number of samples whose classes are read at a time.
const CHUNK: usize = 256;

/// The samples for training and for validation; `None` without a split.
pub(super) fn parts<'a, Net: Network, O, D: DataFor<Net>>(
    trainer: &Trainer<'a, Net, O, D>,
) -> Result<[Option<Subset<'a, D>>; 2], TrainingError> {
    let Some(share) = trainer.settings.validation_share else { return Ok([None, None]) };
    // A separate stream, so that the split does not affect the order of the samples.
    let mut rng = ChaCha12Rng::from_seed(trainer.settings.rng.get_seed());
    rng.set_stream(1);
    let [held_out, training] = Subset::divide(trainer.data, trainer.data.len(), share, &mut rng)?;
    Ok([Some(training), Some(held_out)])
}

/// Checks the settings.
pub(super) fn check<Net: Network, O, D>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: usize,
    held_out: Option<&[usize]>,
) -> Result<(), TrainingError> {
    let Trainer { settings, validation, .. } = trainer;
    let judged = validation.is_some() || held_out.is_some() || settings.score_training;
    let mut names = BTreeSet::new();
    if let Some(twice) = trainer.metrics.iter().find(|metric| metric.name.is_empty() || !names.insert(&metric.name)) {
        let name = &twice.name;
        return Err(TrainingError::Setting(if name.is_empty() {
            "a `metric` has an empty name".to_owned()
        } else {
            format!("two metrics have the name `{name}`, but names should differ")
        }));
    }
    let (shards, ranks) = (trainer.shard_count(), trainer.ranks());
    if shards == 0 {
        return Err(TrainingError::Setting("`shards` is 0, but a batch has at least one shard".to_owned()));
    }
    if !shards.is_multiple_of(ranks) {
        let problem = format!("`shards` is {shards}, but should be a multiple of the number of ranks, {ranks}");
        return Err(TrainingError::Setting(problem));
    }
    if shards > 1 && settings.parts > 1 {
        let problem = "`accumulate` and `shards` are both set, but shards are already computed one after the other";
        return Err(TrainingError::Setting(problem.to_owned()));
    }
    let factor = settings.plateau.map_or(0.5, |(factor, _)| factor);
    if !(factor > 0.0 && factor < 1.0) {
        let problem = format!("the factor of `reduce_on_plateau` is {factor}, but should be between 0 and 1");
        return Err(TrainingError::Setting(problem));
    }
    let problem = if samples == 0 {
        "the training data has no samples"
    } else if settings.batch == 0 {
        "the batch size is 0, but a batch needs at least one sample"
    } else if settings.parts == 0 {
        "`accumulate` is 0, but a batch has at least one part"
    } else if settings.length == Length::Epochs(0) {
        "`epochs` is 0, but a training run needs at least one epoch"
    } else if settings.length == Length::Steps(0) {
        "`iterations` is 0, but a training run needs at least one step"
    } else if settings.evaluate == Length::Steps(0) {
        "`evaluate_every` is 0 steps, but the interval should be at least 1"
    } else if validation.is_some() && held_out.is_some() {
        "`validation` and `validation_split` are both set, but only one can be used"
    } else if validation.as_ref().is_some_and(|validation| validation.samples == 0) {
        "the validation data has no samples"
    } else if settings.patience.is_some() && !judged {
        "early stopping needs `validation`, `validation_split`, or scores of the training data"
    } else if settings.plateau.is_some() && !judged {
        "`reduce_on_plateau` needs `validation`, `validation_split`, or scores of the training data"
    } else if let Some(Err(problem)) = trainer.augment.as_ref().map(|augment| &augment.check) {
        problem
    } else {
        return check_network(&trainer.net);
    };
    Err(TrainingError::Setting(problem.to_owned()))
}

/// The number of samples in a full batch and in a part of it, if there is enough memory.
pub(super) fn batch_size<Net: Network, O, D>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: usize,
) -> Result<[usize; 2], TrainingError> {
    let Settings { batch, parts, sampling, .. } = trainer.settings;
    let batch = if sampling.is_shuffled() { batch.min(samples) } else { batch };
    let part = batch.div_ceil(parts.max(trainer.shard_count()));
    // The samples, and the output and gradient of each layer.
    let numbers = Net::Input::DIM + trainer.net.layers().map(|layer| 2 * layer.outputs).sum::<usize>();
    let bytes = part.saturating_mul(numbers * size_of::<Net::Scalar>());
    let bytes = bytes.saturating_add(batch.saturating_mul(size_of::<usize>()));
    match Vec::<u8>::new().try_reserve_exact(bytes) {
        Ok(()) => Ok([batch, part]),
        Err(_) => Err(TrainingError::Setting(format!("there is not enough memory for a batch of {batch} samples"))),
    }
}

/// Checks that the batches of the first `steps` steps, and their parts, have enough samples for each layer.
pub(super) fn check_batches<Net: Network>(
    net: &Net,
    order: &Order,
    part: usize,
    shards: usize,
    steps: u64,
) -> Result<(), TrainingError> {
    let [full, last] = [0, steps.saturating_sub(1)].map(|step| order.samples(step));
    if shards > 1 {
        return check_shards(net, full.min(last), shards);
    }
    let smallest = |samples: usize| if samples.is_multiple_of(part) { part } else { samples % part };
    let (batch, size) =
        if smallest(full) <= smallest(last) { ("a batch", full) } else { ("the last batch of an epoch", last) };
    let (batch, samples) = (if size > part { format!("a part of {batch}") } else { batch.to_owned() }, smallest(size));
    let way_out = match (size > part, size < full) {
        (true, _) => "use another batch size or number of parts",
        (false, true) => "use `Sampling::WholeBatches` or another batch size",
        (false, false) => "use another batch size",
    };
    match first_short_of_samples(net, Path::root(""), samples) {
        Some((layer, needed)) => Err(TrainingError::Setting(format!(
            "`{layer}` needs batches of at least {needed} samples, but {batch} has {samples}: {way_out}"
        ))),
        None => Ok(()),
    }
}

/// Checks that each shard of the smallest batch has enough samples for each layer.
fn check_shards<Net: Network>(net: &Net, samples: usize, shards: usize) -> Result<(), TrainingError> {
    let smallest = samples / shards;
    let way_out = "use `Sampling::WholeBatches`, another batch size or another number of shards";
    if smallest == 0 {
        return Err(TrainingError::Setting(format!(
            "a batch of {samples} samples cannot be divided into {shards} shards: {way_out}"
        )));
    }
    match first_short_of_samples(net, Path::root(""), smallest) {
        Some((layer, needed)) => Err(TrainingError::Setting(format!(
            "`{layer}` needs batches of at least {needed} samples, but a shard has {smallest}: {way_out}"
        ))),
        None => Ok(()),
    }
}

/// The class of each of these samples, or `None` without one.
pub(super) fn classes<Net: Network, O, D: DataFor<Net>>(
    trainer: &Trainer<'_, Net, O, D>,
    samples: &[usize],
) -> Vec<Option<usize>> {
    let mut classes = Vec::with_capacity(samples.len());
    for samples in samples.chunks(CHUNK) {
        let count = Dyn(samples.len());
        let (mut x, mut target) = (Samples::zeros(count, Net::Input::name()), D::Target::empty(count));
        trainer.data.gather_into(samples, &mut x, &mut target);
        let loss = trainer.net.loss_fn();
        classes.extend((0..samples.len()).map(|sample| loss.class_of::<Net::Scalar, Dyn>(&target, sample)));
    }
    classes
}

/// Checks that the layers' settings are within their ranges, and that the parameters are finite before the first step.
fn check_network<Net: Network>(net: &Net) -> Result<(), TrainingError> {
    if let Some(error) = first_invalid_setting(net) {
        return Err(TrainingError::Setting(error.to_string()));
    }
    match first_not_finite(net) {
        Some(name) => Err(TrainingError::Setting(format!("`{name}` is not finite before the first step"))),
        None => Ok(()),
    }
}
