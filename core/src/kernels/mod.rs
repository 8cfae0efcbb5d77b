//! The fast numerics: matrix products, vectorized loops, the exponential function, the logarithm, and threads.

mod exponential;
mod parallel;
pub mod product;
mod threads;
mod vectorized;

pub use exponential::Exponential;
pub(crate) use parallel::{Splittable, run_parallel};
pub use threads::{ThreadsError, with_threads};
pub(crate) use threads::{join, parts};
pub(crate) use vectorized::{Loop, prefetch, vectorized};
