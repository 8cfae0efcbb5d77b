//! Compares the trainers of all ranks before the first step.

use std::any::type_name;

use crate::networks::{DataFor, Network};
use crate::optimizers::Optimizer;
use crate::training::checksum::{checksum, digest, mixed};
use crate::training::collective::Ranks;
use crate::training::error::TrainingError;
use crate::training::listing::{differences, length, or_none};
use crate::training::run::Run;
use crate::training::settings::Listing;
use crate::training::trainer::Trainer;

/// The text of a rank that cannot start.
const FAILED: &str = "cannot start";
/// The largest number of ranks whose differences are listed.
const LISTED: usize = 4;

/// The names of checksums and long texts, and how a difference is described.
const OPAQUE: [(&str, &str); 7] = [
    ("declaration", "the declaration of the network differs"),
    ("parameters", "the parameters before the first step differ"),
    ("optimizer_state", "the state of the optimizer differs"),
    ("data", "the training data differ"),
    ("validation_data", "the validation data differ"),
    ("seed", "the seed differs"),
    ("version", "the version of typenet differs"),
];

impl<'t, 'a, Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Run<'t, 'a, Net, O, D> {
    /// Starts a run after all ranks have agreed that they can, and that they have the same data and settings.
    pub(super) fn together(trainer: &'t mut Trainer<'a, Net, O, D>) -> Result<Self, TrainingError> {
        let ranks = Ranks::new(trainer.collective);
        if ranks.size() == 1 {
            return Self::new(trainer);
        }
        let facts = trainer.facts();
        let run = Self::new(trainer);
        agree(&ranks, &facts, run.is_err()).and(run)
    }
}

impl<Net: Network, O: Optimizer<Net>, D: DataFor<Net>> Trainer<'_, Net, O, D> {
    /// All that the ranks must have in common.
    fn facts(&self) -> Listing {
        let Self { net, optimizer, data, settings, state, validation, metrics, .. } = self;
        let layers: Vec<_> = net.layers().map(|layer| format!("{} {}", layer.name, layer.type_name)).collect();
        let states = optimizer.states().iter().fold(optimizer.common().steps, |sum, state| mixed(sum, checksum(state)));
        let mut facts = self.listing();
        let more = [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("declaration", format!("{} {layers:?}", type_name::<Net>())),
            ("parameters", checksum(net).to_string()),
            ("optimizer", optimizer.name().to_owned()),
            ("optimizer_state", states.to_string()),
            ("samples", data.len().to_string()),
            ("data", digest::<Net, D>(data).to_string()),
            ("validation_data", or_none(validation.as_ref().map(|validation| (validation.digest)()))),
            ("steps_done", state.steps.to_string()),
            ("length", length(settings.length)),
            ("early_stopping", or_none(settings.patience)),
            ("training_scores", settings.score_training.to_string()),
            ("metrics", metrics.iter().map(|metric| &*metric.name).collect::<Vec<_>>().join(", ")),
        ];
        facts.extend(more.map(|(name, value)| (name.to_owned(), value)));
        facts
    }
}

/// Checks on all ranks that they can start, and that they have the same facts.
///
/// A rank that has `failed` gets no error here, because it returns its own.
fn agree(ranks: &Ranks, facts: &Listing, failed: bool) -> Result<(), TrainingError> {
    let mine = facts.iter().flat_map(|(name, value)| [name, "\t", value, "\n"]).collect::<String>();
    let others = ranks.collect(if failed { FAILED } else { &mine })?;
    let mut problems = if failed { vec![format!("rank 0 {FAILED}")] } else { Vec::new() };
    for (rank, theirs) in (1..).zip(&others) {
        if theirs == FAILED {
            problems.push(format!("rank {rank} {FAILED}"));
        } else if *theirs != mine {
            let theirs = theirs.lines().filter_map(|line| line.split_once('\t'));
            let theirs = theirs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let different = differences(&theirs, facts, &OPAQUE, |name, theirs, mine| {
                format!("`{name}` is {theirs} instead of {mine}")
            });
            problems.push(format!("rank {rank} differs from rank 0: {}", different.join(", ")));
        }
    }
    let more = problems.len().saturating_sub(LISTED);
    problems.truncate(LISTED);
    if more > 0 {
        problems.push(format!("{more} more ranks"));
    }
    let problem = ranks.announce(problems.join("; "))?;
    if problem.is_empty() || failed { Ok(()) } else { Err(TrainingError::Setting(problem)) }
}
