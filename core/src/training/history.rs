use std::fmt::Write;

use crate::metrics::Score;

/// What a training went through: plain data, to be printed, plotted or stored.
///
/// Implements serde's `Serialize` and `Deserialize` with the feature `serde`.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct History {
    /// Each step, from the first on.
    pub steps: Vec<Step>,
    /// Each evaluation, from the first on.
    pub evaluations: Vec<Evaluation>,
}

/// One step of a training.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Step {
    /// Which one, counted from 0.
    pub step: u64,
    /// The mean loss of its batch, before the step.
    pub loss: f64,
    /// Its learning rate.
    pub learning_rate: f64,
}

/// How the network did on whole data at some moment of a training.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Evaluation {
    /// After how many steps.
    pub steps: u64,
    /// After how many epochs; 1.5 is in the middle of the second.
    pub epochs: f64,
    /// On the data that it learns from.
    pub train: Option<Score>,
    /// On data that it does not learn from.
    pub validation: Option<Score>,
    /// After how many seconds of training, with all evaluations; sessions before a resumption count.
    pub seconds: f64,
}

impl Evaluation {
    /// What the network is judged by: the score on data that it does not learn from, if there are any.
    pub fn score(&self) -> Option<Score> {
        self.validation.or(self.train)
    }
}

impl History {
    /// The steps as comma-separated values, with a line of names before them.
    pub fn steps_csv(&self) -> String {
        let mut csv = String::from("step,loss,learning_rate\n");
        for Step { step, loss, learning_rate } in &self.steps {
            let _ = writeln!(csv, "{step},{loss},{learning_rate}"); // a string takes all
        }
        csv
    }

    /// The evaluations as comma-separated values, with a line of names before them. What was not measured is empty.
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
    fn what_was_not_measured_is_empty() {
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
