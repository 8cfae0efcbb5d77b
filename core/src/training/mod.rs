//! Trains networks: batches, epochs, evaluations, early stopping, callbacks and a history.
//!
//! ```
//! # use typenet_core as typenet;
//! use typenet::{DataFor, Network};
//! use typenet::optimizers::{Adam, Schedule};
//! use typenet::training::{History, Trainer};
//!
//! fn train<Net: Network, D: DataFor<Net>>(net: Net, train: &D, test: &D) -> Result<(Net, History), typenet::training::TrainingError> {
//!     let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), train)
//!         .validation(test)
//!         .batch_size(100)
//!         .epochs(10)
//!         .early_stopping(3);
//!     trainer.run()?;
//!     Ok(trainer.into_parts())
//! }
//! ```

mod agreement;
mod check;
#[cfg(feature = "checkpoint")]
mod checkpoint;
mod checksum;
mod collective;
mod divergence;
mod error;
mod evaluation;
mod history;
mod listing;
#[cfg(not(feature = "checkpoint"))]
mod missing;
mod order;
mod plateau;
mod range_test;
mod run;
mod settings;
mod shards;
mod snapshot;
mod state;
#[cfg(feature = "checkpoint")]
mod state_dict;
mod step;
mod sum;
mod together;
mod trainer;
mod watch;
mod work;

pub use collective::{Collective, CollectiveError, Single, in_threads};
pub use divergence::{Divergence, Place};
pub use error::TrainingError;
pub use history::{Evaluation, History, Metric, Step};
pub use order::Sampling;
pub use range_test::RangeTest;
pub use trainer::{Stop, Trainer};
pub use watch::{Epoch, Plan, Watch};
