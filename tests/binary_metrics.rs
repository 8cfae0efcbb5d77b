//! Compares the metrics of two classes and several labels with scikit-learn, and tests them without both classes.

use typenet::metrics::{BinaryScores, MetricError};
use typenet::prelude::*;

/// scikit-learn's numbers, written by `scripts/metric-numbers.py`.
const FIXTURE: &str = include_str!("fixtures/metrics.txt");

/// Returns the numbers of the line with a name.
fn numbers(line: &str) -> Vec<f64> {
    let found = FIXTURE.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no line `{line}`"));
    found.split(' ').map(|number| number.parse().unwrap()).collect()
}

/// Compares values with a line; NaN stands for `None`.
fn compare(line: &str, found: &[f64]) {
    let expected = numbers(line);
    let equal = |(found, expected): (&f64, &f64)| {
        found == expected || (found - expected).abs() <= 1e-14 || (found.is_nan() && expected.is_nan())
    };
    assert!(
        found.len() == expected.len() && found.iter().zip(&expected).all(equal),
        "{line}: {found:?} instead of {expected:?}"
    );
}

#[test]
fn metrics_agree_with_scikit_learn() {
    for case in ["ties", "distinct", "few"] {
        let [p, t] = ["p", "t"].map(|name| numbers(&format!("{case} {name}")));
        let [p, t] =
            [p, t].map(|numbers| Batch::<f64, Dyn, Const<3>>::from_slice(Dyn(numbers.len() / 3), &numbers).unwrap());
        let mut scores = BinaryScores::labels(&p, &t).unwrap();
        scores.push(BinaryScores::all_labels(&p, &t).unwrap());
        for (label, scores) in ["0", "1", "2", "micro"].into_iter().zip(scores) {
            agree(&format!("{case} {label}"), &scores);
        }
    }
}

#[allow(clippy::cast_precision_loss)] // the counts are small
fn agree(at: &str, scores: &BinaryScores) {
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    for threshold in ["0", "0.25", "0.5", "0.71", "1"] {
        let found = scores.at(threshold.parse().unwrap());
        let counts = [found.true_negatives, found.false_positives, found.false_negatives, found.true_positives];
        let measures = [found.accuracy(), found.precision(), found.recall(), found.f1()].map(or_nan);
        let all: Vec<f64> = counts.map(|count| count as f64).into_iter().chain(measures).collect();
        compare(&format!("{at} threshold {threshold}"), &all);
    }
    let roc = scores.roc().unwrap().into_iter();
    let roc = roc.flat_map(|point| [point.threshold, point.false_positive_rate, point.true_positive_rate]);
    compare(&format!("{at} roc"), &roc.collect::<Vec<_>>());
    let curve = scores.precision_recall().unwrap().into_iter();
    let curve = curve.flat_map(|point| [point.threshold, point.precision, point.recall]);
    compare(&format!("{at} curve"), &curve.collect::<Vec<_>>());
    compare(&format!("{at} roc-area"), &[scores.roc_area().unwrap()]);
    compare(&format!("{at} average-precision"), &[scores.average_precision().unwrap()]);
    compare(&format!("{at} log-loss"), &[scores.log_loss().unwrap()]);
    compare(&format!("{at} brier"), &[scores.brier().unwrap()]);
    for bins in [4, 5] {
        let found = scores.calibration(bins).unwrap();
        assert_eq!(found.iter().map(|bin| bin.samples).sum::<usize>(), scores.len());
        let found = found.iter().flat_map(|bin| [bin.probability, bin.positives]);
        compare(&format!("{at} calibration {bins}"), &found.collect::<Vec<_>>());
    }
}

#[test]
fn the_best_threshold_has_the_best_f1() {
    let scores = BinaryScores::new(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]).unwrap();
    assert_eq!(scores.best_f1(), Some((0.35, 0.8)));
    assert_eq!(scores.at(0.35).f1(), Some(0.8));
    // Of equal F1, the larger threshold.
    let scores = BinaryScores::new(&[3.0, 2.0, 1.0], &[true, false, false]).unwrap();
    assert_eq!(scores.best_f1(), Some((3.0, 1.0)));
}

#[test]
fn one_class_only_gives_none_where_a_metric_divides_by_zero() {
    let positive = BinaryScores::new(&[0.25_f32, 0.75], &[true; 2]).unwrap();
    assert_eq!((positive.roc(), positive.roc_area()), (None, None));
    assert_eq!((positive.average_precision(), positive.best_f1()), (Some(1.0), Some((0.25, 1.0))));
    assert_eq!((positive.at(0.5).recall(), positive.at(0.5).false_positive_rate()), (Some(0.5), None));
    let negative = BinaryScores::new(&[0.25_f32, 0.75], &[false; 2]).unwrap();
    assert_eq!((negative.roc(), negative.roc_area(), negative.best_f1()), (None, None, None));
    assert_eq!((negative.precision_recall(), negative.average_precision()), (None, None));
    assert_eq!((negative.at(0.5).recall(), negative.at(0.5).precision()), (None, Some(0.0)));
    assert_eq!((negative.at(1.0).precision(), negative.at(1.0).f1()), (None, None));
    assert_eq!(negative.brier(), Ok(0.3125));
}

#[test]
fn equal_infinite_and_signed_zero_scores_are_one_threshold() {
    let equal = BinaryScores::new(&[0.5; 4], &[true, false, true, false]).unwrap();
    assert_eq!((equal.roc_area(), equal.average_precision()), (Some(0.5), Some(0.5)));
    assert_eq!(equal.roc().unwrap().len(), 2);
    let zeros = BinaryScores::new(&[0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY], &[true, false, true, false]).unwrap();
    assert_eq!((zeros.roc_area(), zeros.thresholds().count()), (Some(0.875), 3));
    assert_eq!(zeros.at(0.0).true_positives, 2);
    assert_eq!((zeros.at(f64::NAN).true_positives, zeros.at(f64::NAN).false_positives), (0, 0));
    assert_eq!(zeros.log_loss(), Err(zeros.brier().unwrap_err()));
}

#[test]
fn certain_answers_have_a_finite_log_loss() {
    let wrong = BinaryScores::new(&[0.0, 1.0], &[true, false]).unwrap();
    assert!((wrong.log_loss().unwrap() - 36.043_653_389_117_15).abs() < 1e-12);
    assert_eq!(wrong.brier(), Ok(1.0));
    let right = BinaryScores::new(&[1.0, 0.0], &[true, false]).unwrap();
    assert!(right.log_loss().unwrap() < 1e-15 && right.brier() == Ok(0.0));
}

#[test]
fn invalid_scores_and_labels_are_errors() {
    let message = |result: Result<BinaryScores, MetricError>| result.unwrap_err().to_string();
    assert_eq!(message(BinaryScores::new::<f32>(&[], &[])), "a metric needs at least one sample");
    assert_eq!(message(BinaryScores::new(&[0.5], &[])), "0 labels for 1 scores");
    assert_eq!(message(BinaryScores::new(&[0.5, f64::NAN], &[true; 2])), "the score of sample 1 is NaN");
    let (y, t) = (Batch::from([[0.5], [2.0]]), Batch::from([[1.0], [0.5]]));
    assert_eq!(message(BinaryScores::label(&y, &t, 0)), "the target of sample 1 is 0.5; 0 or 1 was expected");
    let missing = "column 1 does not exist: the outputs have 1 columns, numbered from 0";
    assert_eq!(message(BinaryScores::label(&y, &y, 1)), missing);
    let labels: Labels<Const<2>, Const<1>> = [0, 0].try_into().unwrap();
    assert_eq!(message(BinaryScores::class(&y, &labels, 1)), missing);
    let two: Batch<f64, Dyn, Const<1>> = Batch::zeros(Dyn(2), Const);
    assert_eq!(message(BinaryScores::label(&two, &Batch::zeros(Dyn(3), Const), 0)), "3 labels for 2 scores");
    assert_eq!(message(BinaryScores::all_labels(&two, &Batch::zeros(Dyn(3), Const))), "3 labels for 2 scores");
    let scores = BinaryScores::class(&y, &labels, 0).unwrap();
    let wrong = "the score 2 is not a probability from 0 to 1; use `probabilities` instead of `predict`";
    assert_eq!(scores.log_loss().unwrap_err().to_string(), wrong);
    assert_eq!(scores.calibration(3).unwrap_err().to_string(), wrong);
    let scores = BinaryScores::new(&[0.0, 0.5, 1.0], &[true; 3]).unwrap();
    assert_eq!(scores.calibration(0).unwrap_err(), MetricError::NoBins);
    assert_eq!(scores.calibration(1 << 20).unwrap().len(), 3);
}
