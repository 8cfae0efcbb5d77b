//! The settings of a training run as text, to compare them with those of a checkpoint or of another rank.

use std::fmt::Write;

use crate::networks::Network;
use crate::optimizers::Optimizer;
use crate::training::order::Sampling;
use crate::training::settings::{Length, Listing};
use crate::training::trainer::Trainer;

/// A setting without a value.
const NONE: &str = "none";

impl<Net: Network, O: Optimizer<Net>, D> Trainer<'_, Net, O, D> {
    /// The settings that decide each step's bits, except those of the data.
    pub(super) fn listing(&self) -> Listing {
        let Self { optimizer, settings, validation, augment, .. } = self;
        let common = optimizer.common();
        let own = optimizer.settings().into_iter().map(|(name, value)| (name, value.to_string()));
        let shared = [
            ("weight_decay", common.weight_decay.to_string()),
            ("clip_norm", or_none(common.clip_norm)),
            ("schedule", settings.schedule.to_string()),
            ("validation", or_none(validation.as_ref().map(|validation| validation.samples))),
            ("validation_split", or_none(settings.validation_share)),
            ("augment", or_none(augment.as_ref().map(|augment| &augment.settings))),
            ("batch_size", settings.batch.to_string()),
            ("sampling", sampling(settings.sampling).to_owned()),
            ("seed", hexadecimal(&settings.rng.serialize_state())),
            ("evaluate_every", length(settings.evaluate)),
            ("evaluate_at_start", settings.evaluate_at_start.to_string()),
        ];
        // Listed only if used, so that files from before these settings stay valid.
        let plateau = settings.plateau.map(|(factor, patience)| format!("{factor} after {patience} evaluations"));
        let parts = (settings.parts > 1).then(|| settings.parts.to_string());
        let shards = (self.shard_count() > 1).then(|| self.shard_count().to_string());
        let later = [("accumulate", parts), ("shards", shards), ("reduce_on_plateau", plateau)];
        let later = later.into_iter().filter_map(|(name, value)| Some((name, value?)));
        own.chain(shared).chain(later).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Describes all settings that differ: those in `opaque` by a text, the others by their values.
pub(super) fn differences(
    one: &Listing,
    other: &Listing,
    opaque: &[(&str, &str)],
    values: impl Fn(&str, &str, &str) -> String,
) -> Vec<String> {
    let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
    let value = |listing: &'_ Listing, name| listing.get(name).map_or(NONE, |value| value).to_owned();
    let all = names.map(|name| (name, value(one, name), value(other, name)));
    let different = all.filter(|(_, one, other)| one != other);
    let describe = |(name, one, other): (&String, String, String)| {
        let text = opaque.iter().find(|(opaque, _)| opaque == name).map(|(_, text)| (*text).to_owned());
        text.unwrap_or_else(|| values(name, &one, &other))
    };
    different.map(describe).collect()
}

pub(super) fn or_none(value: Option<impl ToString>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| value.to_string())
}

fn sampling(sampling: Sampling) -> &'static str {
    match sampling {
        Sampling::Shuffled => "shuffled",
        Sampling::WithReplacement => "with replacement",
        Sampling::WholeBatches => "whole batches",
        Sampling::Balanced => "balanced",
    }
}

pub(super) fn length(length: Length) -> String {
    match length {
        Length::Steps(steps) => format!("{steps} steps"),
        Length::Epochs(epochs) => format!("{epochs} epochs"),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // writing to a string cannot fail
    }
    text
}
