#!/usr/bin/env python3
"""Writes tests/fixtures/metrics.txt: scikit-learn's metrics for two classes and for several labels.

    pip install scikit-learn && scripts/metric-numbers.py

Each case has `N x 3` probabilities and labels, one sample after the other. Many probabilities are equal. The lines of a case
are the metrics of each label, and those of all labels together (`micro`).
"""

import random
from pathlib import Path

import numpy
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

LABELS = 3
THRESHOLDS = [0.0, 0.25, 0.5, 0.71, 1.0]


def case(samples, steps, rng):
    """Returns probabilities that are multiples of `1 / steps`, and labels that mostly follow them."""
    probabilities = numpy.array([[rng.randint(0, steps) / steps for _ in range(LABELS)] for _ in range(samples)])
    labels = numpy.array([[int(rng.random() < 0.2 + 0.6 * p) for p in row] for row in probabilities])
    return probabilities, labels


def main():
    rng = random.Random(1)
    lines = [f"# Written by scripts/metric-numbers.py with scikit-learn {sklearn.__version__}."]

    def write(name, values):
        lines.append(" ".join([name, *(f"{float(value):.17g}" for value in numpy.ravel(values))]))

    for name, samples, steps in [("ties", 60, 8), ("distinct", 40, 1 << 20), ("few", 6, 4)]:
        probabilities, labels = case(samples, steps, rng)
        write(f"{name} p", probabilities)
        write(f"{name} t", labels)
        columns = [(str(label), probabilities[:, label], labels[:, label]) for label in range(LABELS)]
        for label, p, t in [*columns, ("micro", probabilities.ravel(), labels.ravel())]:
            at = f"{name} {label}"
            assert 0 < t.sum() < len(t), at
            for threshold in THRESHOLDS:
                answers = p >= threshold
                precision, recall, f1, _ = metrics.precision_recall_fscore_support(
                    t, answers, average="binary", zero_division=numpy.nan
                )
                counts = metrics.confusion_matrix(t, answers)  # tn, fp, fn, tp
                accuracy, f1 = metrics.accuracy_score(t, answers), metrics.f1_score(t, answers)
                write(f"{at} threshold {threshold:g}", [*counts.ravel(), accuracy, precision, recall, f1])
            false_positive, true_positive, thresholds = metrics.roc_curve(t, p, drop_intermediate=False)
            write(f"{at} roc", [*zip(thresholds, false_positive, true_positive)])
            precision, recall, thresholds = metrics.precision_recall_curve(t, p)
            write(f"{at} curve", [*zip(thresholds, precision, recall)][::-1])
            write(f"{at} roc-area", metrics.roc_auc_score(t, p))
            write(f"{at} average-precision", metrics.average_precision_score(t, p))
            write(f"{at} log-loss", metrics.log_loss(t, p))
            write(f"{at} brier", metrics.brier_score_loss(t, p))
            for bins in [4, 5]:
                fractions, means = calibration_curve(t, p, n_bins=bins)
                write(f"{at} calibration {bins}", [*zip(means, fractions)])

    path = Path(__file__).parent.parent / "tests/fixtures/metrics.txt"
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
