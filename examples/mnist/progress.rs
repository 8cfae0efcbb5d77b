//! How far the training is: a bar on a terminal, plain lines elsewhere.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// The bar redraws itself at most every so many steps.
const STEPS_PER_DRAWING: u64 = 50;

pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn new(steps: usize) -> Self {
        let style = ProgressStyle::with_template("[{bar:40}] {pos}/{len} steps, {eta} left, loss {msg}")
            .expect("the template is valid")
            .progress_chars("=> ");
        Self { bar: ProgressBar::new(steps as u64).with_style(style) }
    }

    /// Prints a line above the bar.
    pub fn line(&self, line: &str) -> io::Result<()> {
        self.bar.suspend(|| writeln!(io::stdout(), "{line}"))
    }

    /// One more step is done.
    pub fn step(&self, loss: f32) {
        self.bar.inc(1);
        if self.bar.position().is_multiple_of(STEPS_PER_DRAWING) && !self.bar.is_hidden() {
            self.bar.set_message(format!("{loss:.4}"));
        }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
