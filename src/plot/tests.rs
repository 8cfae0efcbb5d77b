use std::io;
use std::path::PathBuf;

use super::*;
use crate::data::digits;
use crate::metrics::{BinaryScores, ConfusionMatrix, Score};
use crate::nalgebra::{Const, DimName, Dyn};
use crate::training::{Evaluation, History, Step};
use crate::{Batch, Image, Labels};

fn steps(losses: impl IntoIterator<Item = f64>) -> History {
    let steps = (0..).zip(losses).map(|(step, loss)| Step::new(step, loss, 0.1)).collect();
    History::new(steps, Vec::new())
}

fn evaluations(train: &[f64], test: &[f64]) -> History {
    let score = |accuracy: Option<&f64>| Some(Score::new(0.5, accuracy.copied()));
    let evaluations = (0..train.len().max(test.len()))
        .map(|i| Evaluation::new(600 * i as u64, i as f64, score(train.get(i)), score(test.get(i)), 0.0))
        .collect();
    History::new(Vec::new(), evaluations)
}

fn matrix() -> ConfusionMatrix {
    let labels: Labels<Dyn, Const<3>> = vec![0, 0, 1, 1, 2].try_into().unwrap();
    ConfusionMatrix::new(&labels, &vec![0, 0, 1, 2, 2].try_into().unwrap())
}

const CLOSE: [(f64, f64); 2] = [(1e9, 1e-320), (1e9 + 1e-6, -1e-320)];
const FAR: [(f64, f64); 2] = [(1e300, -1e300), (-1e300, 1e-300)];

/// Returns every kind of plot, with no data, little data, much data and NaN.
fn plots() -> Vec<Plot> {
    let mut plots = vec![confusion(&matrix())];
    let infinite = f64::INFINITY;
    for losses in [&[][..], &[2.3], &[f64::NAN], &[2.3, infinite, 1.0, f64::NAN], &[0.0; 3], &[1e308; 2000]] {
        let history = steps(losses.iter().copied());
        plots.extend([loss(&history), learning_rate(&history), loss(&history).log_x().log_y()]);
        let points: Vec<_> = losses.iter().map(|loss| (loss * 1e-3 - 0.001, *loss)).collect();
        plots.extend([
            lines("rate", "loss", &[("a", &points), ("", &points)]),
            lines("x", "y", &[("a", &points)]).log_x(),
        ]);
    }
    plots.push(lines("x", "y", &[]).log_x().log_y());
    for labels in [&[true, false, true][..], &[true], &[false]] {
        let scores = BinaryScores::new(&[0.2, infinite, 0.7][..labels.len()], labels).unwrap();
        plots.extend([roc(&[("a", &scores), ("b", &scores)]), precision_recall(&[("a", &scores)])]);
    }
    plots.extend([roc(&[]), precision_recall(&[]).log_x()]);
    for accuracies in [&[][..], &[0.5], &[f64::NAN, 0.2], &[0.1, 0.9], &[0.3; 2000]] {
        let history = evaluations(accuracies, &accuracies[..accuracies.len() / 2]);
        plots.extend([accuracy(&history), super::accuracies(&[("a", &history), ("b", &history)])]);
        for charts in [0, 1, 2, 5, 16] {
            let charts: Vec<_> = (0..charts).map(|chart| (format!("chart {chart}"), [history.clone()])).collect();
            plots.extend([accuracy_grid(["run"], &charts), accuracy_grid(["run"], &charts).log_x().log_y()]);
        }
    }
    plots.push(super::accuracies(&[]));
    for points in
        [&[][..], &[(1.0, 2.0)], &[(f64::NAN, 1.0), (infinite, 2.0)], &[(0.0, 0.0), (1e308, -1e308)], &CLOSE, &FAR]
    {
        plots.extend([fit(points, |x| x), fit(points, |_| f64::NAN), fit(points, |x| 1e299 * x)]);
        let points: Vec<_> = points.iter().map(|point| (*point, usize::MAX)).collect();
        plots.extend([regions(&points, |_| 0), regions(&points, |_| (9, f64::NAN)), regions(&points, |_| 0).log_x()]);
    }
    let (_, test) = digits::generate(1, 30, 1);
    let first: Batch<f32, _, _> = Batch::zeros(Dyn(30), Const);
    plots.extend([misread(&test, &first, 0), misread(&test, &first, 1), misread(&test, &first, 99)]);
    for count in [0, 1, 30] {
        let values: Vec<f32> = (0..count * 12).map(|i| if i == 7 { f32::NAN } else { (i as f32).sin() }).collect();
        plots.push(feature_maps(&values, 3, 4));
    }
    let (pixels, map) = ([0.0, 0.5, f64::NAN, 1e300, -1.0, 1.0], [f64::INFINITY, -1e-300, 0.0, 1e300, 3.0, f64::NAN]);
    let panel = ("a caption that is longer than the plot is wide", &pixels[..], &map[..]);
    plots.extend([saliency::<f64>(&[], 2, 3), saliency(&[panel], 2, 3), saliency(&[panel; 30], 3, 2)]);
    plots.push(saliency(&[("no map", &pixels[..], &[]), panel], 1, 6));
    let (zeros, weight) =
        (Filters::zeros(Image::name(), Const), Filters::from_fn(Image::name(), Const, |i, j| (i * j) as f32));
    plots.extend([
        filters::<f32, Const<2>, Const<3>, Const<4>, Const<7>>(&[]),
        filters(&[("a", &zeros), ("b", &weight)]),
    ]);
    plots
}

type Filters = Batch<f32, Image<Const<2>, Const<3>, Const<4>>, Const<7>>;

#[test]
fn plots_never_panic() {
    for size in [(100, 100), (640, 480), (100, 900), (4000, 101)] {
        for plot in plots() {
            let plot = plot.size(size.0, size.1).title("A <title> that is longer than the plot is wide, by far");
            let svg = plot.to_svg().unwrap();
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
            assert!(svg.contains(&format!("viewBox=\"0 0 {} {}\"", size.0, size.1)));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{plot:?}: {svg}");
        }
    }
}

#[test]
fn every_plot_renders_as_pixels() {
    for plot in plots() {
        let pixels = raster::render(&plot.shapes().unwrap(), plot.size);
        assert!(pixels.iter().any(|&byte| byte < 100), "nothing in {plot:?}");
    }
}

#[test]
fn invalid_sizes_are_errors() {
    for size in [(0, 480), (640, 99), (4001, 480), (640, u32::MAX)] {
        let error = loss(&History::default()).size(size.0, size.1).to_svg().unwrap_err().to_string();
        let expected = format!("a plot of {} x {} pixels; each side must be 100 to 4,000 pixels", size.0, size.1);
        assert_eq!(error, expected);
    }
}

#[test]
fn an_outside_legend_hides_no_points() {
    let points: Vec<_> = (0..100_u32).map(|i| ((f64::from(i / 10), f64::from(i % 10)), 0)).collect();
    let shapes = regions(&points, |_| 0).shapes().unwrap();
    let places = shapes.iter().filter_map(|shape| match shape {
        sheet::Shape::Disc { center, .. } => Some(center.0),
        _ => None,
    });
    let mut places: Vec<f64> = places.collect();
    let sample = places.pop().expect("the legend has the last disc");
    assert!(places.len() >= 100 && places.iter().all(|place| place + 30.0 < sample), "{sample}: {places:?}");
}

/// Returns the texts of an SVG in order.
fn texts(svg: &str) -> Vec<&str> {
    svg.split("</text>")
        .filter_map(|part| part.rsplit_once('>'))
        .map(|(_, text)| text)
        .filter(|text| *text != "\n")
        .collect()
}

#[test]
fn the_loss_plot_is_the_books_figure() {
    let history = steps((0..10_000).map(|step| 2.3 * (-f64::from(step) / 2000.0).exp()));
    let svg = loss(&history).to_svg().unwrap();
    let texts = texts(&svg);
    for text in ["iteration", "loss", "0", "2000", "8000", "0.5", "2", "each step", "mean of 200 steps"] {
        assert!(texts.contains(&text), "{text} is missing in {texts:?}");
    }
    assert!(!texts.contains(&"-0.5") && !texts.contains(&"3"), "{texts:?}");
}

/// A history of losses that fall from 2.3, with a validation loss every 500 steps.
fn falling() -> History {
    let at = |step: u64| 2.3 * (-(step as f64) / 800.0).exp();
    let steps = (0..4000).map(|step| Step::new(step, at(step) * (1.0 + 0.3 * (step as f64).sin()), 0.1)).collect();
    let validation = |step| Evaluation::new(step, 0.0, None, Some(Score::new(at(step) + 0.02, None)), 0.0);
    History::new(steps, (0..=8).map(|evaluation| validation(500 * evaluation)).collect())
}

#[test]
fn the_validation_loss_is_a_dashed_curve() {
    let svg = loss(&falling()).to_svg().unwrap();
    assert!(texts(&svg).ends_with(&["each step", "mean of 50 steps", "validation"]), "{:?}", texts(&svg));
    assert!(svg.matches("<polyline fill=\"none\" stroke=\"#d55e00\"").count() > 20);
    let mut history = falling();
    history.steps.clear();
    let svg = loss(&history).to_svg().unwrap();
    assert!(!svg.contains("no step has a loss") && texts(&svg).contains(&"4000"), "{:?}", texts(&svg));
    history.evaluations.iter_mut().for_each(|evaluation| evaluation.validation = None);
    assert!(loss(&history).to_svg().unwrap().contains("no step has a loss"));
}

#[test]
fn logarithmic_axes_have_powers_of_ten_and_no_values_below_0() {
    let svg = loss(&falling()).log_y().to_svg().unwrap();
    for text in ["0.01", "0.1", "1", "2000"] {
        assert!(texts(&svg).contains(&text), "{text} is missing in {:?}", texts(&svg));
    }
    let dots = |plot: Plot| plot.to_svg().unwrap().matches("fill=\"#0072b2\"").count();
    let points = [(0.1, 1.0), (1.0, -2.0), (10.0, 3.0), (f64::NAN, 1.0), (100.0, 0.0), (1e3, 4.0)];
    assert_eq!(dots(lines("rate", "loss", &[("", &points)]).log_x().log_y()), 3, "a dot between gaps");
    let svg = lines("rate", "loss", &[("", &[(1.0, -1.0), (2.0, 0.0)])]).log_y().to_svg().unwrap();
    assert!(svg.contains("no points"));
}

#[test]
fn curves_of_scores_have_their_area_in_the_legend() {
    let count = 2000_u32;
    let labels: Vec<bool> = (0..count).map(|i| i < count / 50).collect();
    let scores = |noise: f64| {
        let score = |i: u32| f64::from(i < count / 50) + noise * f64::from(i * 7919 % count) / f64::from(count);
        BinaryScores::new(&(0..count).map(score).collect::<Vec<_>>(), &labels).unwrap()
    };
    let (good, bad) = (scores(1.1), scores(4.0));
    let svg = roc(&[("good", &good), ("bad", &bad)]).to_svg().unwrap();
    let expected = [("good", &good), ("bad", &bad)];
    for (name, scores) in expected {
        let label = format!("{name}: area {:.3}", scores.roc_area().unwrap());
        assert!(texts(&svg).contains(&&*label), "{label} is missing in {:?}", texts(&svg));
    }
    assert!(svg.matches("#7f7f7f").count() > 20, "the diagonal is dashed");
    let svg = precision_recall(&expected).to_svg().unwrap();
    assert!(svg.contains(&format!("good: average {:.3}", good.average_precision().unwrap())));
    let one = BinaryScores::new(&[0.5], &[true]).unwrap();
    assert!(roc(&[("one", &one)]).to_svg().unwrap().contains("no scores of two classes"));
}

#[test]
fn plots_of_many_steps_stay_small() {
    let count = |steps: &History| loss(steps).to_svg().unwrap().len();
    let few = count(&steps((0..5_000).map(|step| f64::from(step % 97))));
    let many = count(&steps((0..500_000).map(|step| f64::from(step % 97))));
    assert!(many < few * 11 / 10, "{many} bytes of SVG for 500,000 steps, {few} for 5,000");
}

#[test]
fn the_accuracy_plot_is_the_books_figure() {
    let svg = accuracy(&evaluations(&[0.1, 0.9, 0.95], &[0.1, 0.88, 0.93])).to_svg().unwrap();
    let texts = texts(&svg);
    for text in ["epochs", "accuracy", "0.2", "1", "train acc", "test acc"] {
        assert!(texts.contains(&text), "{text} is missing in {texts:?}");
    }
    assert_eq!(texts.iter().filter(|text| **text == "1").count(), 2, "the end of an axis, and an epoch: {texts:?}");
    assert!(!svg.contains("iteration"));
    let dashes = |color: &str| svg.matches(&format!("<polyline fill=\"none\" stroke=\"{color}\"")).count();
    assert_eq!(dashes("#0072b2"), 2, "one line for the training curve, and one for its sample");
    assert!(dashes("#d55e00") > 20, "the test curve is dashed");
}

#[test]
fn epochs_start_at_0_even_if_the_first_evaluation_is_later() {
    let mut history = evaluations(&[0.1, 0.9, 0.95], &[]);
    history.evaluations.remove(0);
    let svg = accuracy(&history).to_svg().unwrap();
    assert_eq!(texts(&svg).iter().filter(|text| **text == "0").count(), 2, "one for each axis");
}

#[test]
fn the_legend_omits_unmeasured_data() {
    let mut history = evaluations(&[0.1, 0.9], &[]);
    history.evaluations.iter_mut().for_each(|evaluation| evaluation.validation = None);
    let svg = accuracy(&history).to_svg().unwrap();
    assert!(svg.contains("train acc") && !svg.contains("test acc"));
}

#[test]
fn runs_in_one_chart_have_their_names_and_colors() {
    let (slow, fast) = (evaluations(&[0.1, 0.5], &[0.1, 0.4]), evaluations(&[0.1, 0.9], &[]));
    let svg = accuracies(&[("slow", &slow), ("fast", &fast)]).to_svg().unwrap();
    let texts = texts(&svg);
    assert!(texts.ends_with(&["slow: train acc", "slow: test acc", "fast: train acc"]), "{texts:?}");
    let lines = |color: &str| svg.matches(&format!("<polyline fill=\"none\" stroke=\"{color}\"")).count();
    assert!(lines("#0072b2") > 20, "the test curve of the first run is dashed");
    assert_eq!(lines("#d55e00"), 2, "one line for the curve of the second run, and one for its sample");
}

#[test]
fn a_grid_has_common_axes_and_one_legend() {
    let run = |epochs: usize| evaluations(&vec![0.5; epochs], &[]);
    let charts: Vec<_> = (0..5).map(|chart| (format!("chart {chart}"), [run(chart), run(41)])).collect();
    let svg = accuracy_grid(["a", "b"], &charts).to_svg().unwrap();
    let texts = texts(&svg);
    let count = |text: &str| texts.iter().filter(|found| **found == text).count();
    assert!((0..5).all(|chart| count(&format!("chart {chart}")) == 1), "{texts:?}");
    assert_eq!((count("a: train acc"), count("b: train acc")), (1, 1), "{texts:?}");
    assert_eq!((count("accuracy"), count("epochs"), count("40")), (2, 3, 3), "two rows, and three columns: {texts:?}");
}

#[test]
fn a_nan_loss_is_a_gap() {
    let svg = loss(&steps([2.0, 1.5, f64::NAN, 1.0, 0.5])).to_svg().unwrap();
    assert_eq!(svg.matches("stroke=\"#0072b2\"").count(), 2);
    // A step without finite neighbors is a dot.
    let svg = loss(&steps([f64::NAN, 1.5, f64::NAN])).to_svg().unwrap();
    assert!(svg.contains("<circle") && !svg.contains("<polyline fill=\"none\" stroke=\"#0072b2\""));
    for empty in [steps([]), steps([f64::NAN, f64::INFINITY])] {
        assert!(loss(&empty).to_svg().unwrap().contains(">no step has a loss<"));
    }
}

#[test]
fn a_confusion_matrix_shows_its_counts() {
    let labels: Labels<Dyn, Const<2>> = vec![0; 41].into_iter().chain([1; 7]).collect::<Vec<_>>().try_into().unwrap();
    let answers = [0; 28].into_iter().chain([1; 20]).collect::<Vec<_>>().try_into().unwrap();
    let svg = confusion(&ConfusionMatrix::new(&labels, &answers)).to_svg().unwrap();
    let texts = texts(&svg);
    assert_eq!(texts[..4], ["28", "13", "0", "7"]);
    assert!(texts.contains(&"label") && texts.contains(&"answer"), "{texts:?}");
}

#[test]
fn the_most_confident_mistakes_come_first() {
    let (_, test) = digits::generate(1, 10, 1);
    let labels = test.labels().classes();
    let mut probabilities: Batch<f32, Dyn, Const<10>> = Batch::zeros(Dyn(10), Const);
    for (digit, &label) in labels.iter().enumerate() {
        probabilities[(digit, label)] = 1.0;
    }
    assert!(misread(&test, &probabilities, 5).to_svg().unwrap().contains("no digit was misread"));
    for (digit, sure) in [(3, 0.75), (7, 0.98), (8, 0.5)] {
        probabilities[(digit, labels[digit])] = 0.0;
        probabilities[(digit, (labels[digit] + 1) % 10)] = sure;
    }
    let svg = misread(&test, &probabilities, 2).to_svg().unwrap();
    let caption = |digit: usize, sure| format!("{}, not {} ({sure} %)", labels[digit], (labels[digit] + 1) % 10);
    assert_eq!(texts(&svg), [caption(7, 98), caption(3, 75)]);
}

#[test]
fn the_extension_selects_the_format() {
    let folder = std::env::temp_dir().join(format!("typenet-plot-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let plot = confusion(&matrix()).size(320, 200).title("Three & more");
    plot.save(folder.join("a.svg")).unwrap();
    assert_eq!(fs::read_to_string(folder.join("a.svg")).unwrap(), plot.to_svg().unwrap());
    assert!(plot.to_svg().unwrap().contains(">Three &amp; more</text>"));

    plot.save(folder.join("a.PNG")).unwrap();
    let file = io::BufReader::new(fs::File::open(folder.join("a.PNG")).unwrap());
    let reader = ::png::Decoder::new(file).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (320, 200));

    for (name, problem) in [
        ("a.gif", "the name of a plot ends in `.svg` or `.png`"),
        ("svg", "the name of a plot ends in `.svg` or `.png`"),
        ("no/such/folder.svg", "No such file"),
    ] {
        let path: PathBuf = folder.join(name);
        let error = plot.save(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot write `{}`: {problem}", path.display())), "{error}");
    }
    fs::remove_dir_all(folder).unwrap();
}
