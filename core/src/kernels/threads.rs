//! The number of threads that compute.
//!
//! With the default feature `rayon`, the threads of [rayon](https://docs.rs/rayon) share large products, elementwise
//! functions of large batches, and the evaluation of data sets. The default is one thread per processor; the
//! environment variable `RAYON_NUM_THREADS` or [`with_threads`] changes it.
//!
//! Results are the same to the last bit with any number of threads: threads share out results, never the terms of a
//! sum.

#[cfg(feature = "std")]
use std::cell::Cell;
#[cfg(feature = "rayon")]
use std::hint::spin_loop;
#[cfg(feature = "rayon")]
use std::sync::Arc;
#[cfg(feature = "rayon")]
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "rayon")]
use std::thread::{sleep, yield_now};
#[cfg(feature = "rayon")]
use std::time::{Duration, Instant};

/// The fewest multiplications for which dividing a product pays off on a thread of the pool.
const MIN_WORK: usize = 1_000_000;
/// The same on any other thread, which must wake the pool first.
const MIN_WORK_WAKING: usize = 32_000_000;

/// How long an idle thread inside [`with_threads`] spins.
#[cfg(feature = "rayon")]
const SPIN_TIME: Duration = Duration::from_micros(50);
/// How long it looks for work before it starts to sleep.
#[cfg(feature = "rayon")]
const YIELD_TIME: Duration = Duration::from_millis(20);
/// The length of each sleep.
#[cfg(feature = "rayon")]
const SLEEP_TIME: Duration = Duration::from_micros(200);

#[cfg(feature = "std")]
thread_local! {
    /// Set while this thread computes alone, inside `with_threads(1, ...)`.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// The operating system did not start as many threads as requested.
#[cfg(feature = "std")]
#[derive(Debug, thiserror::Error)]
#[error("cannot start {count} threads: {source}")]
#[non_exhaustive]
pub struct ThreadsError {
    /// The number of threads requested.
    pub count: usize,
    /// The cause.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Runs `work`, such as a whole training run, on `count` threads; 0 means the default number.
///
/// Small networks profit too: inside `work` the threads stay awake, so that dividing smaller products pays off. An idle
/// thread keeps its processor busy for 20 ms before it sleeps. With 1 thread everything runs on the calling thread.
///
/// ```
/// # use typenet_core as typenet;
/// let sum = typenet::with_threads(2, || (1..=100).sum::<u32>())?;
/// assert_eq!(sum, 5050);
/// # Ok::<(), typenet::ThreadsError>(())
/// ```
///
/// Without the feature `rayon`, everything runs on one thread, whatever `count` is.
///
/// # Errors
///
/// [`ThreadsError`] if the operating system cannot start the threads.
#[cfg(feature = "std")]
pub fn with_threads<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, ThreadsError> {
    if count == 1 {
        return Ok(alone(work));
    }
    pool(count, work)
}

/// Runs the work with [`ALONE`] set, and resets the flag even if the work panics.
#[cfg(feature = "std")]
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
fn pool<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, ThreadsError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
    let pool = pool.map_err(|source| ThreadsError { count, source: Box::new(source) })?;
    Ok(pool.install(|| awake(work)))
}

/// Runs the work while all other threads of the pool stay awake.
#[cfg(feature = "rayon")]
fn awake<R>(work: impl FnOnce() -> R) -> R {
    struct Done(Arc<AtomicBool>);
    impl Drop for Done {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let done = Done(Arc::default());
    let (here, is_done) = (rayon::current_thread_index(), done.0.clone());
    rayon::spawn_broadcast(move |thread| {
        if Some(thread.index()) != here {
            wait_for_work(&is_done);
        }
    });
    work()
}

/// Runs tasks as they arrive until `is_done` is set.
///
/// Waking a thread that rayon put to sleep takes longer than a product.
#[cfg(feature = "rayon")]
fn wait_for_work(is_done: &AtomicBool) {
    let mut last_work = Instant::now();
    while !is_done.load(Ordering::Relaxed) {
        if rayon::yield_now() == Some(rayon::Yield::Executed) {
            last_work = Instant::now();
            continue;
        }
        match last_work.elapsed() {
            idle if idle < SPIN_TIME => spin_loop(),
            idle if idle < YIELD_TIME => yield_now(), // with more threads than processors, lets a busy one run
            _ => sleep(SLEEP_TIME),
        }
    }
}

#[cfg(all(feature = "std", not(feature = "rayon")))]
#[allow(clippy::unnecessary_wraps)] // as with the feature
fn pool<R>(_: usize, work: impl FnOnce() -> R) -> Result<R, ThreadsError> {
    Ok(work())
}

/// The number of threads to divide this many multiplications between.
#[inline]
pub(crate) fn parts(multiplications: usize) -> usize {
    #[cfg(feature = "std")]
    if multiplications < MIN_WORK || ALONE.get() {
        return 1;
    }
    available(multiplications)
}

#[cfg(feature = "rayon")]
fn available(multiplications: usize) -> usize {
    let awake = rayon::current_thread_index().is_some();
    if !awake && multiplications < MIN_WORK_WAKING {
        return 1;
    }
    rayon::current_num_threads().min(multiplications / (MIN_WORK / 2))
}

#[cfg(not(feature = "rayon"))]
fn available(_: usize) -> usize {
    let _ = MIN_WORK_WAKING;
    1
}

/// Runs both closures, on two threads if two are available.
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
    fn one_thread_is_the_calling_thread() {
        let here = std::thread::current().id();
        assert_eq!(with_threads(1, || (std::thread::current().id(), parts(usize::MAX))).unwrap(), (here, 1));
        assert!(!ALONE.get());
    }

    #[test]
    #[cfg(all(feature = "rayon", not(miri)))]
    fn large_products_use_the_requested_number_of_threads() {
        assert_eq!(with_threads(3, || (parts(usize::MAX), parts(1000))).unwrap(), (3, 1));
    }

    #[test]
    #[cfg(all(feature = "rayon", not(miri)))]
    fn waiting_threads_end_with_the_work_even_if_it_panics() {
        let pause = || sleep(YIELD_TIME * 2);
        assert_eq!(with_threads(3, || (pause(), join(|| 1, || 2)).1).unwrap(), (1, 2));
        assert_eq!(with_threads(2, || with_threads(2, || join(|| 1, || 2)).unwrap()).unwrap(), (1, 2));
        assert!(std::panic::catch_unwind(|| with_threads(2, || panic!("on purpose"))).is_err());
    }
}
