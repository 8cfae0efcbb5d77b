//! Collects mistakes, so that the search for more of them goes on.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::Error;

/// All mistakes found so far. It has to be [finished](Mistakes::finish): none can be lost.
#[derive(Default)]
pub struct Mistakes {
    errors: Option<Error>,
    finished: bool,
}

impl Mistakes {
    /// A mistake at those tokens.
    pub fn add(&mut self, at: impl ToTokens, message: impl Display) {
        self.add_error(Error::new_spanned(at, message));
    }

    /// A mistake at a place that is not a whole token tree.
    pub fn add_at(&mut self, place: Span, message: impl Display) {
        self.add_error(Error::new(place, message));
    }

    /// A mistake that syn has found.
    pub fn add_error(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// All of them, if there were any.
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
