//! How far a training is.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::ControlFlow::{self, Break, Continue};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::metrics::Score;
use crate::training::{Evaluation, Plan, Step, Watch};

/// After how many steps the bar's text is written anew.
const STEPS_PER_TEXT: u64 = 20;

/// Shows how far a training is: on a terminal a bar, with steps, loss, accuracy, steps per second and the time that is
/// left; and anywhere a line on standard output for each evaluation.
///
/// ```no_run
/// # use typenet::prelude::*;
/// # network! { struct Net = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss; }
/// use typenet::Progress;
/// use typenet::training::Trainer;
///
/// # let net: Net = Net::zeros();
/// # let (train, test) = digits::generate(60_000, 10_000, 1);
/// let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.001), &train).validation(&test).watch(Progress::new());
/// trainer.run()?;
/// # Ok::<(), typenet::Error>(())
/// ```
///
/// A training that writes to a program that has ended, as in `... | head`, ends too.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    accuracy: Option<f64>,
    lines: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    /// A bar on a terminal, and a line for each evaluation.
    pub fn new() -> Self {
        Self { bar: ProgressBar::hidden(), accuracy: None, lines: true }
    }

    /// The bar alone: nothing where there is no terminal.
    #[must_use]
    pub fn without_lines(self) -> Self {
        Self { lines: false, ..self }
    }
}

impl<Net> Watch<Net> for Progress {
    fn begin(&mut self, plan: &Plan) {
        let style = ProgressStyle::with_template("[{bar:30}] {pos}/{len} steps, {per_sec}, {eta} left, {msg}")
            .expect("the template is valid")
            .progress_chars("=> ");
        self.bar = ProgressBar::with_draw_target(Some(plan.steps), ProgressDrawTarget::stderr())
            .with_style(style)
            .with_position(plan.done);
        // What is done already has to be seen before the clock starts, or it would count as the work of a moment.
        self.bar.tick();
        self.bar.reset_eta();
    }

    fn step(&mut self, step: &Step, _: &Net) -> ControlFlow<()> {
        self.bar.inc(1);
        if step.step.is_multiple_of(STEPS_PER_TEXT) && !self.bar.is_hidden() {
            let accuracy = self.accuracy.map(|accuracy| format!(", accuracy {accuracy:.4}"));
            self.bar.set_message(format!("loss {:.4}{}", step.loss, accuracy.unwrap_or_default()));
        }
        Continue(())
    }

    fn evaluation(&mut self, evaluation: &Evaluation, _: &Net) -> ControlFlow<()> {
        self.accuracy = evaluation.score().and_then(|score| score.accuracy);
        let written = self.lines.then(|| self.bar.suspend(|| writeln!(io::stdout(), "{}", line(evaluation))));
        if matches!(written, Some(Err(_))) { Break(()) } else { Continue(()) }
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What an evaluation found, in a line.
fn line(evaluation: &Evaluation) -> String {
    let mut line = format!("step {:>6}", evaluation.steps);
    for (name, score) in [("train", evaluation.train), ("validation", evaluation.validation)] {
        if let Some(Score { loss, accuracy }) = score {
            let accuracy = accuracy.map(|accuracy| format!(", accuracy {accuracy:.5}")).unwrap_or_default();
            let _ = write!(line, "   {name} loss {loss:.4}{accuracy}"); // a string takes all
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn what_was_done_before_does_not_count_as_speed() {
        let mut progress = Progress::new();
        let plan = Plan { done: 1_000_000, steps: 2_000_000, steps_per_epoch: 100 };
        Watch::<()>::begin(&mut progress, &plan);
        for step in plan.done..plan.done + 10 {
            sleep(Duration::from_millis(2));
            assert_eq!(progress.step(&Step { step, loss: 1.0, learning_rate: 0.1 }, &()), Continue(()));
        }
        assert_eq!(progress.bar.position(), 1_000_010);
        assert!((1.0..1e4).contains(&progress.bar.per_sec()), "{} steps per second", progress.bar.per_sec());
    }

    #[test]
    fn a_line_has_what_was_measured() {
        let score = |loss, accuracy| Some(Score { loss, accuracy });
        let mut evaluation = Evaluation {
            steps: 600,
            epochs: 1.0,
            train: score(0.25, Some(0.9)),
            validation: score(0.5, Some(0.8125)),
            seconds: 1.0,
        };
        assert_eq!(
            line(&evaluation),
            "step    600   train loss 0.2500, accuracy 0.90000   validation loss 0.5000, accuracy 0.81250"
        );
        evaluation.train = None;
        evaluation.validation = score(0.5, None);
        assert_eq!(line(&evaluation), "step    600   validation loss 0.5000");
    }
}
