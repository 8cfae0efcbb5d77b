//! Optimizers, and schedules of the learning rate.
//!
//! | optimizer | use | initial rate |
//! | --- | --- | --- |
//! | [`Sgd`] | the book's first; no state, the fastest step | 0.1 |
//! | [`Momentum`] | most networks with a tuned rate; images | 0.01 to 0.1 |
//! | [`Nesterov`] | instead of `Momentum`; often a little faster | 0.01 to 0.1 |
//! | [`AdaGrad`] | sparse features; slows down by itself | 0.01 |
//! | [`RmsProp`] | moving targets, as in reinforcement learning | 0.001 to 0.01 |
//! | [`Adam`] | the first choice for anything; the rate hardly needs tuning | 0.001 |
//! | [`AdamW`] | `Adam` with small weights: large networks, long training | 0.001 |
//!
//! A [`Schedule`] is the rate of each step. A lower rate toward the end helps all optimizers.
//!
//! ```
//! # use typenet_core as typenet;
//! use typenet::nalgebra::Const;
//! use typenet::optimizers::{Adam, Optimizer, Schedule};
//! use typenet::{Network, Samples, TargetOf};
//!
//! fn train<Net: Network>(
//!     net: &mut Net,
//!     batches: impl Iterator<Item = (Samples<Net::Scalar, Const<100>, Net::Input>, TargetOf<Net, Const<100>>)>,
//! ) {
//!     let schedule = Schedule::cosine(0.001, 10_000).with_warm_up(500);
//!     let mut adam = Adam::new().betas(0.9, 0.99).weight_decay(0.01).clip_norm(1.0);
//!     let mut tape = Net::tape(Const::<100>);
//!     for (step, (x, target)) in (0..).zip(batches) {
//!         adam.descend_with(net, &x, &target, schedule.rate(step), &mut tape);
//!     }
//! }
//! ```
//!
//! # The formulas
//!
//! `w` is a parameter, `g` the derivative of the loss with respect to it, `η` the learning rate. Each formula
//! is elementwise. The states of an optimizer have the network's own type and start at zero.
//! [Weight decay](Optimizer::weight_decay) and [clipping](Optimizer::clip_norm) are the same for all optimizers.
//!
//! Squares of derivatives that overflow the scalar count as its largest number.
#![allow(clippy::inline_always)] // loops are vectorized only if everything in them is inlined

/// The accessors of an optimizer with the fields `common` and `buffers`, given the names of its states.
macro_rules! keeps {
    ($($state:literal),+) => {
        fn common(&self) -> &Common {
            &self.common
        }

        fn common_mut(&mut self) -> &mut Common {
            &mut self.common
        }

        fn state_names(&self) -> &'static [&'static str] {
            &[$($state),+]
        }

        fn states(&self) -> &[Net] {
            &self.buffers.states
        }

        fn states_mut(&mut self) -> &mut [Net] {
            &mut self.buffers.states
        }
    };
}

mod ada_grad;
mod adam;
mod adam_w;
mod buffers;
mod check;
mod momentum;
mod nesterov;
mod norm;
mod optimizer;
mod pass;
mod rms_prop;
mod schedule;
mod sgd;

pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use check::SettingError;
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use optimizer::{Common, Optimizer};
pub use rms_prop::RmsProp;
pub use schedule::Schedule;
pub use sgd::Sgd;
