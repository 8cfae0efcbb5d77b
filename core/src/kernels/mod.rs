//! The fast numerics: matrix products, convolutions, vectorized loops, the exponential function, the logarithm, and threads.

pub(crate) mod convolution;
mod exponential;
mod mix;
mod parallel;
pub mod product;
mod threads;
mod vectorized;

pub use exponential::Exponential;
pub(crate) use mix::mix;
pub(crate) use parallel::{Splittable, run_parallel};
pub use threads::{ThreadsError, with_threads};
pub(crate) use threads::{join, parts};
pub(crate) use vectorized::{Loop, prefetch, vectorized};

/// Calls `work` with `length` unspecified values of this thread's memory.
pub(crate) fn with_scratch<T: product::Element, R>(length: usize, work: impl FnOnce(&mut [T]) -> R) -> R {
    let mut result = None;
    T::with_scratch(length, |scratch| result = Some(work(scratch)));
    result.expect("`with_scratch` calls its argument")
}
