//! Reduces the learning rate when the loss no longer improves.

use crate::training::history::Evaluation;

/// The relative improvement below which a loss counts as no improvement, PyTorch's default.
const THRESHOLD: f64 = 1e-4;

/// The state of [`reduce_on_plateau`](super::Trainer::reduce_on_plateau), computed from the evaluations so far.
#[derive(Debug)]
pub(super) struct Plateau {
    factor: f64,
    patience: usize,
    best: f64,
    /// The number of evaluations without improvement, since the best one or the last reduction.
    waited: usize,
    /// The factor of the learning rate so far.
    pub(super) scale: f64,
}

impl Plateau {
    pub(super) fn new(factor: f64, patience: usize, evaluations: &[Evaluation]) -> Self {
        let mut plateau = Self { factor, patience, best: f64::INFINITY, waited: 0, scale: 1.0 };
        for evaluation in evaluations {
            plateau.observe(evaluation);
        }
        plateau
    }

    /// Takes the loss of the next evaluation into account.
    pub(super) fn observe(&mut self, evaluation: &Evaluation) {
        let Some(score) = evaluation.score() else { return };
        // A loss below 0 improves downwards too, as a NaN never does.
        if score.loss < self.best - THRESHOLD * self.best.abs() || (self.best.is_infinite() && score.loss.is_finite()) {
            (self.best, self.waited) = (score.loss, 0);
        } else {
            self.waited += 1;
        }
        if self.waited > self.patience {
            self.scale *= self.factor;
            self.waited = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Score;

    fn scales(patience: usize, losses: &[f64]) -> Vec<f64> {
        let mut plateau = Plateau::new(0.5, patience, &[]);
        let mut scale = |&loss: &f64| {
            plateau.observe(&Evaluation::new(0, 0.0, Some(Score::new(loss, None)), None, 0.0));
            plateau.scale
        };
        losses.iter().map(&mut scale).collect()
    }

    /// The expected rates are those of PyTorch's `ReduceLROnPlateau(factor=0.5, patience=patience)`.
    #[test]
    fn it_reduces_as_pytorch_does() {
        let losses = [1.0, 0.8, 0.8, 0.79999, 0.9, 0.7, 0.71, 0.72, 0.73, 0.74, f64::NAN, 0.6];
        let once = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.125];
        assert_eq!(scales(1, &losses), once);
        assert_eq!(scales(0, &losses[..6]), [1.0, 1.0, 0.5, 0.25, 0.125, 0.125]);
        assert_eq!(scales(3, &losses), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5]);
        assert_eq!(scales(0, &[-1.0, -2.0, -1.5]), [1.0, 1.0, 0.5]);
    }
}
