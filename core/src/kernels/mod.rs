//! The fast numerics: matrix products, convolutions, vectorized loops, the exponential function, the logarithm, and threads.

/// Returns true if the processor has these instructions. Without `std`, they must be those of the compilation target.
#[cfg(all(target_arch = "x86_64", not(miri)))]
macro_rules! detected {
    ($instructions:tt) => {{
        #[cfg(feature = "std")]
        let detected = std::is_x86_feature_detected!($instructions);
        #[cfg(not(feature = "std"))]
        let detected = cfg!(target_feature = $instructions);
        detected
    }};
}

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
#[cfg(feature = "std")]
pub use threads::{ThreadsError, with_threads};
pub(crate) use threads::{join, parts};
pub(crate) use vectorized::{Loop, prefetch, vectorized};

/// Calls `work` with `length` unspecified values of this thread's memory.
#[cfg(feature = "alloc")]
pub(crate) fn with_scratch<T: product::Element, R>(length: usize, work: impl FnOnce(&mut [T]) -> R) -> R {
    let mut result = None;
    T::with_scratch(length, |scratch| result = Some(work(scratch)));
    result.expect("`with_scratch` calls its argument")
}
