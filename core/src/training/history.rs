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
#[derive(Clone, Copy, Debug, PartialEq)]
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
        Self { steps, epochs, train, validation, seconds }
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

    /// The evaluations as comma-separated values, with a header line; missing scores are empty.
    pub fn evaluations_csv(&self) -> String {
        let mut csv = "steps,epochs,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n".to_owned();
        for Evaluation { steps, epochs, train, validation, seconds } in &self.evaluations {
            let [train, validation] = [train, validation].map(|score| {
                let loss = score.map(|score| score.loss.to_string()).unwrap_or_default();
                let accuracy = score.and_then(|score| score.accuracy).map(|part| part.to_string()).unwrap_or_default();
                format!("{loss},{accuracy}")
            });
            let _ = writeln!(csv, "{steps},{epochs},{train},{validation},{seconds}");
        }
        csv
    }
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
                Evaluation { steps: 1, epochs: 0.5, train: Some(score), validation: None, seconds: 1.5 },
                Evaluation {
                    steps: 2,
                    epochs: 1.0,
                    train: None,
                    validation: Some(Score { accuracy: None, ..score }),
                    seconds: 3.0,
                },
            ],
        };
        assert_eq!(history.steps_csv(), "step,loss,learning_rate\n0,2.5,0.1\n");
        let lines: Vec<_> = history.evaluations_csv().lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines, ["1,0.5,0.25,0.5,,,1.5", "2,1,,,0.25,,3"]);
    }
}
