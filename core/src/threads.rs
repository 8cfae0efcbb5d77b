//! How many threads calculate.
//!
//! Large products and the evaluation of data sets are divided between the threads of [rayon](https://docs.rs/rayon), if
//! the feature `rayon` is on, which it is by default: all processors, or as many as the environment variable
//! `RAYON_NUM_THREADS` says, or as [`with_threads`] does. What is calculated does not depend on the number of threads,
//! to the last bit: results are divided, sums never are.

use std::cell::Cell;

use crate::Error;

/// From this many multiplications on a product is worth dividing, on a thread of the pool.
const WORTH: usize = 250_000;
/// And on any other thread, which has to wake the pool first.
const WORTH_WAKING: usize = 8_000_000;

thread_local! {
    /// Whether this thread was told to calculate alone.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Does some work, such as a whole training, with that many threads; with 0, as many as there are by default.
///
/// Small networks profit too where the work runs in here as a whole: the threads are awake then, and smaller products
/// are worth dividing. With 1 thread all is calculated on the calling one.
///
/// ```
/// # use typenet_core as typenet;
/// let sum = typenet::with_threads(2, || (1..=100).sum::<u32>())?;
/// assert_eq!(sum, 5050);
/// # Ok::<(), typenet::Error>(())
/// ```
///
/// Without the feature `rayon` there is one thread, whatever is asked for.
///
/// # Errors
///
/// [`Error::Threads`] if the system refuses to start them.
pub fn with_threads<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, Error> {
    if count == 1 {
        return Ok(alone(work));
    }
    pool(count, work)
}

/// Does the work with the flag set, and sets it back, also where the work panics.
fn alone<R>(work: impl FnOnce() -> R) -> R {
    struct Reset(bool);
    impl Drop for Reset {
        fn drop(&mut self) {
            ALONE.set(self.0);
        }
    }
    let _reset = Reset(ALONE.replace(true));
    work()
}

#[cfg(feature = "rayon")]
fn pool<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
    Ok(pool.map_err(|error| Error::Threads { count, problem: error.to_string() })?.install(work))
}

#[cfg(not(feature = "rayon"))]
#[allow(clippy::unnecessary_wraps)] // as with the feature
fn pool<R>(_: usize, work: impl FnOnce() -> R) -> Result<R, Error> {
    Ok(work())
}

/// Between how many threads so many multiplications are divided.
#[inline]
pub(crate) fn parts(multiplications: usize) -> usize {
    if multiplications < WORTH || ALONE.get() {
        return 1;
    }
    available(multiplications)
}

#[cfg(feature = "rayon")]
fn available(multiplications: usize) -> usize {
    let awake = rayon::current_thread_index().is_some();
    if !awake && multiplications < WORTH_WAKING {
        return 1;
    }
    rayon::current_num_threads().min(multiplications / (WORTH / 2))
}

#[cfg(not(feature = "rayon"))]
fn available(_: usize) -> usize {
    let _ = WORTH_WAKING;
    1
}

/// Does both, on two threads if there are two.
#[inline]
pub(crate) fn join<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    #[cfg(feature = "rayon")]
    return rayon::join(first, second);
    #[cfg(not(feature = "rayon"))]
    return (first(), second());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_is_the_calling_one() {
        let here = std::thread::current().id();
        assert_eq!(with_threads(1, || (std::thread::current().id(), parts(usize::MAX))).unwrap(), (here, 1));
        assert!(!ALONE.get());
    }

    #[test]
    #[cfg(all(feature = "rayon", not(miri)))]
    fn large_products_are_divided_between_as_many_threads_as_asked_for() {
        assert_eq!(with_threads(3, || (parts(usize::MAX), parts(1000))).unwrap(), (3, 1));
    }
}
