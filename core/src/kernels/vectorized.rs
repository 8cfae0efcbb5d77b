//! Ordinary loops with the processor's vector instructions.
#![allow(unsafe_code)] // vector instructions

/// A loop over numbers that is compiled once for each kind of vector instructions.
///
/// `run` has to be `#[inline(always)]`: then it becomes a part of each of the functions below, and the compiler
/// vectorises it with the instructions that the function may use. What it calculates is the same with all of them,
/// to the last bit, as long as it leaves [`mul_add`](f32::mul_add) alone.
pub(crate) trait Loop {
    /// What it results in.
    type Output;

    /// Does the work.
    fn run(self) -> Self::Output;
}

/// Runs a loop with the best instructions of this processor.
#[inline]
pub(crate) fn vectorized<L: Loop>(work: L) -> L::Output {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        if std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the processor has them all, as just asked.
            return unsafe { avx512(work) };
        }
        if std::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has it, as just asked.
            return unsafe { avx2(work) };
        }
    }
    work.run()
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512<L: Loop>(work: L) -> L::Output {
    work.run()
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[target_feature(enable = "avx2")]
fn avx2<L: Loop>(work: L) -> L::Output {
    work.run()
}

/// Asks the processor to have this in its caches soon.
#[inline]
pub(crate) fn prefetch<T>(values: &[T]) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    for line in values.chunks(64 / size_of::<T>()) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, which reads nothing that the program can see.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) }
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = values;
}
