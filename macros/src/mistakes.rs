//! Collects mistakes, so that all of them are reported at once.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// The mistakes found so far. Panics when dropped before [`finish`](Mistakes::finish), so that no mistake is lost.
#[derive(Default)]
pub struct Mistakes {
    errors: Option<Error>,
    finished: bool,
}

impl Mistakes {
    /// Adds a mistake at the tokens `at`.
    pub fn add(&mut self, at: impl ToTokens, message: impl Display) {
        self.add_error(Error::new_spanned(at, message));
    }

    /// Adds a mistake at a span that is not a whole token tree.
    pub fn add_at(&mut self, place: Span, message: impl Display) {
        self.add_error(Error::new(place, message));
    }

    /// Adds an error of syn.
    pub fn add_error(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// Returns all mistakes as one error, or `None`.
    pub fn finish(mut self) -> Option<Error> {
        self.finished = true;
        self.errors.take()
    }
}

impl Drop for Mistakes {
    fn drop(&mut self) {
        assert!(self.finished || std::thread::panicking(), "mistakes were collected, but not reported");
    }
}
