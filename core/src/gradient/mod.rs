//! Gradients by finite differences, and the check of backpropagation against them.

mod check;
mod check_gradient;
mod kink;
mod numerical;

pub use check::{BlockReport, Disagreement, GradientCheck, GradientError, GradientReport};
pub use check_gradient::CheckGradient;
