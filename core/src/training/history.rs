use std::fmt::Write;

use crate::metrics::Score;

/// The steps and evaluations of a training run.
///
/// Implements serde's `Serialize` and `Deserialize` with the feature `serde`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct History {
    /// All steps, in order.
    pub steps: Vec<Step>,
    /// All evaluations, in order.
    pub evaluations: Vec<Evaluation>,
}

/// One training step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Step {
    /// The index of the step, from 0.
    pub step: u64,
    /// The mean loss of its batch, before the step.
    pub loss: f64,
    /// The learning rate of the step.
    pub learning_rate: f64,
}

/// The scores of the network on whole data at one point of a training run.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Evaluation {
    /// The number of steps before this evaluation.
    pub steps: u64,
    /// The number of epochs before this evaluation; 1.5 is in the middle of the second epoch.
    pub epochs: f64,
    /// The score on the training data.
    pub train: Option<Score>,
    /// The score on the validation data.
    pub validation: Option<Score>,
    /// The training time in seconds, including evaluations and the time before a resume.
    pub seconds: f64,
    /// The values of [metrics of your own](super::Trainer::metric), in the order in which they were added.
    #[cfg_attr(feature = "serde", serde(default))]
    pub metrics: Vec<Metric>,
    /// The seconds that each rank of a [collective](super::Trainer::collective) has waited for others since the last
    /// evaluation; empty in a single process.
    ///
    /// The rank with the shortest time is the slowest. Checkpoints do not store these times.
    #[cfg_attr(feature = "serde", serde(default))]
    pub waited: Vec<f64>,
}

/// The value of a metric of your own; see [`Trainer::metric`](super::Trainer::metric).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Metric {
    /// The name.
    pub name: String,
    /// The value, which may be NaN or infinite.
    ///
    /// In text formats serde writes NaN and infinities as `"NaN"`, `"inf"` or `"-inf"`.
    #[cfg_attr(feature = "serde", serde(with = "crate::metrics::number"))]
    pub value: f64,
}

impl Metric {
    /// A metric with its value.
    pub fn new(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), value }
    }
}

impl Step {
    /// A step with its loss and its learning rate.
    pub const fn new(step: u64, loss: f64, learning_rate: f64) -> Self {
        Self { step, loss, learning_rate }
    }
}

impl Evaluation {
    /// An evaluation after this number of steps, epochs and seconds, with its scores.
    pub const fn new(steps: u64, epochs: f64, train: Option<Score>, validation: Option<Score>, seconds: f64) -> Self {
        Self { steps, epochs, train, validation, seconds, metrics: Vec::new(), waited: Vec::new() }
    }

    /// Adds the value of a metric.
    #[must_use]
    pub fn with_metric(mut self, name: impl Into<String>, value: f64) -> Self {
        self.metrics.push(Metric::new(name, value));
        self
    }

    /// The value of the metric called `name`, if there is one.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|metric| metric.name == name).map(|metric| metric.value)
    }

    /// The score for early stopping: on the validation data if there is any, else on the training data.
    pub fn score(&self) -> Option<Score> {
        self.validation.or(self.train)
    }
}

impl History {
    /// A history of steps and evaluations.
    pub const fn new(steps: Vec<Step>, evaluations: Vec<Evaluation>) -> Self {
        Self { steps, evaluations }
    }

    /// The steps as comma-separated values, with a header line.
    pub fn steps_csv(&self) -> String {
        let mut csv = String::from("step,loss,learning_rate\n");
        for Step { step, loss, learning_rate } in &self.steps {
            let _ = writeln!(csv, "{step},{loss},{learning_rate}"); // writing to a string cannot fail
        }
        csv
    }

    /// The names of all metrics in the evaluations, in the order of their first values.
    pub fn metric_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for name in self.evaluations.iter().flat_map(|evaluation| &evaluation.metrics).map(|metric| &*metric.name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The evaluations as comma-separated values, with a header line; missing scores and metrics are empty.
    pub fn evaluations_csv(&self) -> String {
        let mut csv = "steps,epochs,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds".to_owned();
        let names = self.metric_names();
        for name in &names {
            csv.extend([",", &field(name)]);
        }
        csv.push('\n');
        for evaluation in &self.evaluations {
            let Evaluation { steps, epochs, train, validation, seconds, .. } = evaluation;
            let [train, validation] = [train, validation].map(|score| {
                let loss = score.map(|score| score.loss.to_string()).unwrap_or_default();
                let accuracy = score.and_then(|score| score.accuracy).map(|part| part.to_string()).unwrap_or_default();
                format!("{loss},{accuracy}")
            });
            let _ = write!(csv, "{steps},{epochs},{train},{validation},{seconds}");
            for name in &names {
                let value = evaluation.metric(name).map(|value| value.to_string());
                csv.extend([",", &value.unwrap_or_default()]);
            }
            csv.push('\n');
        }
        csv
    }
}

/// A text as a field of a CSV file, in quotes if it needs them.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_scores_are_empty() {
        let score = Score { loss: 0.25, accuracy: Some(0.5) };
        let history = History {
            steps: vec![Step { step: 0, loss: 2.5, learning_rate: 0.1 }],
            evaluations: vec![
                Evaluation::new(1, 0.5, Some(score), None, 1.5),
                Evaluation::new(2, 1.0, None, Some(Score { accuracy: None, ..score }), 3.0),
            ],
        };
        assert_eq!(history.steps_csv(), "step,loss,learning_rate\n0,2.5,0.1\n");
        let lines: Vec<_> = history.evaluations_csv().lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines, ["1,0.5,0.25,0.5,,,1.5", "2,1,,,0.25,,3"]);
    }

    #[test]
    fn metrics_have_columns() {
        let evaluation = |step| Evaluation::new(step, 1.0, None, None, 0.5);
        let evaluations = vec![
            evaluation(1).with_metric("F1", 0.5).with_metric("a, \"b\"", f64::NAN),
            evaluation(2).with_metric("late", f64::INFINITY).with_metric("F1", 1.0),
        ];
        let csv = History::new(Vec::new(), evaluations).evaluations_csv();
        let lines: Vec<&str> = csv.lines().map(|line| line.split_once("seconds").map_or(line, |line| line.1)).collect();
        assert_eq!(lines, [",F1,\"a, \"\"b\"\"\",late", "1,1,,,,,0.5,0.5,NaN,", "2,1,,,,,0.5,1,,inf"]);
    }
}
