//! How many threads calculate.
//!
//! Large products, what is done to each number of a large batch, and the evaluation of data sets are divided between the
//! threads of [rayon](https://docs.rs/rayon), if the feature `rayon` is on, which it is by default: all processors, or as many as the environment variable
//! `RAYON_NUM_THREADS` says, or as [`with_threads`] does. What is calculated does not depend on the number of threads,
//! to the last bit: results are divided, sums never are.

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

/// From this many multiplications on a product is worth dividing, on a thread of the pool.
const WORTH: usize = 1_000_000;
/// And on any other thread, which has to wake the pool first.
const WORTH_WAKING: usize = 32_000_000;

/// How long a thread inside [`with_threads`] does nothing but look for work.
#[cfg(feature = "rayon")]
const EAGER: Duration = Duration::from_micros(50);
/// How long it looks for work before it naps.
#[cfg(feature = "rayon")]
const PATIENT: Duration = Duration::from_millis(20);
/// And how long it naps.
#[cfg(feature = "rayon")]
const NAP: Duration = Duration::from_micros(200);

thread_local! {
    /// Whether this thread was told to calculate alone.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// The operating system did not start as many threads as requested.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {count} threads: {source}")]
#[non_exhaustive]
pub struct ThreadsError {
    /// The number of threads requested.
    pub count: usize,
    /// The cause.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Does some work, such as a whole training, with that many threads; with 0, as many as there are by default.
///
/// Small networks profit too where the work runs in here as a whole: the threads stay awake, and smaller products are worth
/// dividing. So they keep their processors busy also while they wait for the next product, until they have waited for
/// 20 ms. With 1 thread all is calculated on the calling one.
///
/// ```
/// # use typenet_core as typenet;
/// let sum = typenet::with_threads(2, || (1..=100).sum::<u32>())?;
/// assert_eq!(sum, 5050);
/// # Ok::<(), typenet::ThreadsError>(())
/// ```
///
/// Without the feature `rayon` there is one thread, whatever is asked for.
///
/// # Errors
///
/// [`ThreadsError`] if the system refuses to start them.
pub fn with_threads<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, ThreadsError> {
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
fn pool<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> Result<R, ThreadsError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build();
    let pool = pool.map_err(|source| ThreadsError { count, source: Box::new(source) })?;
    Ok(pool.install(|| awake(work)))
}

/// Does the work while all other threads of the pool stay awake.
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

/// Takes work as it comes until all is done. A thread that rayon has put to sleep takes longer to wake than a product to
/// calculate.
#[cfg(feature = "rayon")]
fn wait_for_work(is_done: &AtomicBool) {
    let mut last_work = Instant::now();
    while !is_done.load(Ordering::Relaxed) {
        if rayon::yield_now() == Some(rayon::Yield::Executed) {
            last_work = Instant::now();
            continue;
        }
        match last_work.elapsed() {
            idle if idle < EAGER => spin_loop(),
            idle if idle < PATIENT => yield_now(), // where there are more threads than processors, to one with work
            _ => sleep(NAP),
        }
    }
}

#[cfg(not(feature = "rayon"))]
#[allow(clippy::unnecessary_wraps)] // as with the feature
fn pool<R>(_: usize, work: impl FnOnce() -> R) -> Result<R, ThreadsError> {
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

    #[test]
    #[cfg(all(feature = "rayon", not(miri)))]
    fn threads_that_wait_end_with_the_work_however_it_ends() {
        let pause = || sleep(PATIENT * 2);
        assert_eq!(with_threads(3, || (pause(), join(|| 1, || 2)).1).unwrap(), (1, 2));
        assert_eq!(with_threads(2, || with_threads(2, || join(|| 1, || 2)).unwrap()).unwrap(), (1, 2));
        assert!(std::panic::catch_unwind(|| with_threads(2, || panic!("on purpose"))).is_err());
    }
}
