//! The progress bar of a training run.

mod terminal;

use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::ops::ControlFlow::{self, Break, Continue};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use typenet_core::metrics::Score;
use typenet_core::training::{Evaluation, Plan, Step, Watch};

/// One line on a terminal of 80 columns. A message that is too long is cut off.
const TEMPLATE: &str = "[{bar:14}] {pos}/{len}, {rate}, {eta} left, {wide_msg}";
/// The number of steps between updates of the bar's text.
const STEPS_PER_TEXT: u64 = 20;

/// Shows the progress of a training run. Requires the feature `progress`.
///
/// On a terminal, a bar shows steps, loss, accuracy, metrics of your own, steps per second and the remaining time. Each
/// evaluation also prints a line to standard output. Of several ranks, only rank 0 shows its progress, and how long ranks
/// have waited for each other.
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
/// Training stops if standard output is closed, as in `... | head`.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    accuracy: Option<f64>,
    /// The metrics of the last evaluation.
    metrics: String,
    lines: bool,
    /// False on all ranks but the first.
    shown: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    /// Creates a progress bar that also prints a line for each evaluation.
    pub fn new() -> Self {
        Self { bar: ProgressBar::hidden(), accuracy: None, metrics: String::new(), lines: true, shown: true }
    }

    /// Prints no lines for evaluations. Without a terminal, nothing is shown.
    #[must_use]
    pub fn without_lines(self) -> Self {
        Self { lines: false, ..self }
    }
}

impl<Net> Watch<Net> for Progress {
    fn begin(&mut self, plan: &Plan) {
        self.shown = plan.rank == 0;
        let style = ProgressStyle::with_template(TEMPLATE)
            .expect("the template is valid")
            .with_key("rate", |state: &ProgressState, to: &mut dyn fmt::Write| {
                let _ = to.write_str(&rate(state.per_sec())); // writing to a string cannot fail
            })
            .progress_chars("=> ");
        self.bar = ProgressBar::with_draw_target(Some(plan.steps), ProgressDrawTarget::hidden())
            .with_style(style)
            .with_position(plan.done);
        // Steps from before a resume must be registered before the clock starts, or they would inflate the speed.
        self.bar.tick();
        self.bar.reset_eta();
        if self.shown {
            self.bar.set_draw_target(terminal::target());
        }
    }

    fn step(&mut self, step: &Step, _: &mut Net) -> ControlFlow<()> {
        self.bar.inc(1);
        if step.step.is_multiple_of(STEPS_PER_TEXT) && !self.bar.is_hidden() {
            let message = measured(&Score::new(step.loss, self.accuracy)) + &self.metrics;
            self.bar.set_message(message);
        }
        Continue(())
    }

    fn evaluation(&mut self, evaluation: &Evaluation, _: &mut Net) -> ControlFlow<()> {
        self.accuracy = evaluation.score().and_then(|score| score.accuracy);
        self.metrics = metrics(evaluation);
        let written =
            (self.lines && self.shown).then(|| self.bar.suspend(|| writeln!(io::stdout(), "{}", line(evaluation))));
        if matches!(written, Some(Err(_))) { Break(()) } else { Continue(()) }
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Formats steps per second. Only slow training needs decimals.
fn rate(per_second: f64) -> String {
    if per_second < 10.0 { format!("{per_second:.1}/s") } else { format!("{per_second:.0}/s") }
}

/// Formats an evaluation as a line, of less than 80 columns without metrics.
fn line(evaluation: &Evaluation) -> String {
    let mut line = format!("step {:>6}", evaluation.steps);
    for (name, score) in [("train", evaluation.train), ("validation", evaluation.validation)] {
        if let Some(score) = score {
            let _ = write!(line, "  {name} {}", measured(&score)); // writing to a string cannot fail
        }
    }
    line + &metrics(evaluation) + &waited(&evaluation.waited)
}

/// Formats the shortest and the longest time that a rank has waited, after two spaces; nothing in a single process.
fn waited(seconds: &[f64]) -> String {
    let ranks = || (0..seconds.len()).rev();
    let by_time = |&one: &usize, &other: &usize| seconds[one].total_cmp(&seconds[other]);
    match (ranks().min_by(by_time), ranks().max_by(by_time)) {
        (Some(least), Some(most)) => {
            format!("  waited {:.2} s (rank {least}) to {:.2} s (rank {most})", seconds[least], seconds[most])
        }
        _ => String::new(),
    }
}

/// Formats the metrics of an evaluation, each after two spaces.
fn metrics(evaluation: &Evaluation) -> String {
    let metrics = evaluation.metrics.iter().map(|metric| ["  ", &metric.name, " ", &number(metric.value)].concat());
    metrics.collect()
}

/// Formats a number in few digits.
fn number(value: f64) -> String {
    let is_usual = value == 0.0 || !value.is_finite() || (1e-3..1e6).contains(&value.abs());
    if is_usual { format!("{value:.4}") } else { format!("{value:.3e}") }
}

fn measured(Score { loss, accuracy, .. }: &Score) -> String {
    let accuracy = accuracy.map(|accuracy| format!(", acc {accuracy:.4}")).unwrap_or_default();
    format!("loss {loss:.4}{accuracy}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;
    use std::time::Duration;

    #[test]
    fn earlier_steps_do_not_count_toward_the_speed() {
        let mut progress = Progress::new();
        let plan = Plan::new(1_000_000, 2_000_000, 100);
        Watch::<()>::begin(&mut progress, &plan);
        for step in plan.done..plan.done + 10 {
            sleep(Duration::from_millis(2));
            assert_eq!(progress.step(&Step::new(step, 1.0, 0.1), &mut ()), Continue(()));
        }
        assert_eq!(progress.bar.position(), 1_000_010);
        assert!((1.0..1e4).contains(&progress.bar.per_sec()), "{} steps per second", progress.bar.per_sec());
    }

    #[test]
    fn low_speeds_have_decimals() {
        assert_eq!([0.25, 9.5, 12_345.678].map(rate), ["0.2/s", "9.5/s", "12346/s"]);
    }

    #[test]
    fn a_line_shows_the_measured_scores() {
        let score = |loss, accuracy| Some(Score::new(loss, accuracy));
        let mut evaluation = Evaluation::new(600, 1.0, score(0.25, Some(0.9)), score(0.5, Some(0.8125)), 1.0);
        assert_eq!(line(&evaluation), "step    600  train loss 0.2500, acc 0.9000  validation loss 0.5000, acc 0.8125");
        assert!(line(&evaluation).len() < 80);
        evaluation.train = None;
        evaluation.validation = score(0.5, None);
        assert_eq!(line(&evaluation), "step    600  validation loss 0.5000");
        let evaluation = evaluation.with_metric("F1", 0.75).with_metric("error", 1e-7).with_metric("odds", f64::NAN);
        assert_eq!(line(&evaluation), "step    600  validation loss 0.5000  F1 0.7500  error 1.000e-7  odds NaN");
        let mut evaluation = Evaluation::new(600, 1.0, None, score(0.5, None), 1.0);
        evaluation.waited = vec![3.0, 2.5, 0.125, 3.25];
        assert_eq!(line(&evaluation), "step    600  validation loss 0.5000  waited 0.12 s (rank 2) to 3.25 s (rank 3)");
    }
}
