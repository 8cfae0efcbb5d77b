//! The gradient by finite differences, and the check that backward agrees with it.

mod check;
mod kink;
mod numerical;

pub use check::{BlockReport, Disagreement, GradientCheck, GradientReport};
pub(crate) use numerical::Differences;
