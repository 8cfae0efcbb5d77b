//! A report of a training run, as a self-contained HTML page.

use std::env;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::path::Path;

use typenet::data::mnist::Digits;
use typenet::metrics::{ConfusionMatrix, Score};
use typenet::nalgebra::{Const, Dyn};
use typenet::plot::{self, Plot};
use typenet::training::History;
use typenet::{Batch, Summary};

use super::tables::{classes, layers, results};

/// The number of misread digits in the report.
const MISREAD: usize = 12;
/// The width of a plot, chosen so that its font matches the text on a phone.
const WIDTH: u32 = 380;

/// The content of the page.
pub struct Report<'a> {
    pub title: &'a str,
    /// The network's layers, shapes and parameters.
    pub summary: Summary,
    pub results: Results,
    pub history: &'a History,
    /// The source of the images.
    pub data: String,
    pub test: &'a Digits,
    /// The predictions on the test data.
    pub confusion: ConfusionMatrix,
    pub probabilities: Batch<f32, Dyn, Const<10>>,
    /// The command that reproduces the run.
    pub command: String,
}

/// The final results of a training run.
#[derive(Clone, Copy)]
pub struct Results {
    /// The scores on the training and the test data.
    pub scores: [Score; 2],
    pub seconds: f64,
    pub steps: usize,
}

/// Checks before training that the report can be written.
pub fn try_path(path: &Path) -> Result<(), Box<dyn Error>> {
    let is_new = !path.exists();
    let mut tried = OpenOptions::new().append(true).create(true).open(path).map(drop);
    if is_new && tried.is_ok() {
        tried = fs::remove_file(path);
    }
    tried.map_err(|problem| format!("cannot write `{}`: {problem}", path.display()).into())
}

impl Report<'_> {
    /// Writes the page to a file.
    pub fn save(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let written = fs::write(path, self.page()?);
        written.map_err(|problem| format!("cannot write `{}`: {problem}", path.display()).into())
    }

    fn page(&self) -> Result<String, Box<dyn Error>> {
        let [loss, accuracy, confusion, misread] = self.figures()?;
        let [title, data, command] = [self.title, &self.data, &self.command].map(escape);
        let [results, classes, layers] = [results(&self.results), classes(&self.confusion), layers(&self.summary)];
        let version = env!("CARGO_PKG_VERSION");
        Ok(format!(
            r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{results}<h2>Training</h2>
<div class="pair">
{loss}{accuracy}</div>
<h2>Predictions by label</h2>
<div class="pair">
{confusion}{classes}</div>
<div class="pair">
<section>
<h2>Most confident mistakes</h2>
{misread}</section>
<section>
<h2>Network</h2>
{layers}<h2>Reproduce this run</h2>
<pre>{command}</pre>
<p>{data}; typenet {version}. The same command on the same data gives the same results.</p>
</section>
</div>
</main>
</body>
</html>
"#
        ))
    }

    fn figures(&self) -> Result<[String; 4], Box<dyn Error>> {
        let loss = plot::loss(self.history).size(WIDTH, 330);
        let accuracy = plot::accuracy(self.history).size(WIDTH, 330);
        let confusion = plot::confusion(&self.confusion).size(WIDTH, 310);
        let misread = plot::misread(self.test, &self.probabilities, MISREAD).size(WIDTH, 540);
        Ok([
            figure(&loss, "The loss of each step, and a running mean.")?,
            figure(&accuracy, "The accuracy on the training and the test data.")?,
            figure(
                &confusion,
                "The number of samples by label and answer. Darker cells hold a larger fraction of their row.",
            )?,
            figure(&misread, "Captions: the label, the prediction, and its probability.")?,
        ])
    }
}

// Colors have enough contrast, and nothing is wider than the screen.
const STYLE: &str = "\
body { margin: 0; background: #fff; color: #222; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid #ddd; }
dl { display: flex; flex-wrap: wrap; gap: .8rem; margin: 0; }
dl div { padding: .5rem .9rem; background: #f3f6f8; border-radius: .4rem; }
dt { font-size: .85rem; color: #555; }
dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figcaption, caption { font-size: .85rem; color: #555; max-width: 30rem; }
svg { display: block; width: 100%; max-width: 30rem; height: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
.pair > * { min-width: 0; }
pre { padding: .8rem; background: #f3f6f8; border-radius: .4rem; font-size: .85rem; line-height: 1.4;
  white-space: pre-wrap; overflow-wrap: anywhere; }
table { align-self: start; border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .5rem; text-align: left; }
th, td { padding: .3rem; text-align: right; border-bottom: 1px solid #e5e5e5; }
th:first-child, .layers :is(th, td):nth-child(-n+3) { text-align: left; }
.layers td:nth-child(2) { min-width: 6.7rem; overflow-wrap: anywhere; }
@media (max-width: 30rem) { table { font-size: .75rem; } th, td { padding: .3rem .2rem; } }
";

fn figure(plot: &Plot, caption: &str) -> Result<String, Box<dyn Error>> {
    Ok(format!("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", plot.to_svg()?, escape(caption)))
}

/// Escapes a text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use typenet::data::digits;
    use typenet::prelude::*;

    network! {
        struct Net<const OUT: usize> = Affine<784, OUT> -> MeanSquaredError;
    }

    #[test]
    fn the_page_is_self_contained_and_escaped() {
        let (_, test) = digits::generate(1, 10, 1);
        let answers = Labels::zeros(Dyn(10));
        let report = Report {
            title: "<Digits> & \"more\"",
            summary: Net::<3>::zeros().summary(),
            results: Results { scores: [Score::new(0.5, Some(0.75)); 2], seconds: 1.5, steps: 600 },
            history: &History::default(),
            data: "Generated <digits>".to_owned(),
            test: &test,
            confusion: ConfusionMatrix::new(test.labels(), &answers),
            probabilities: Batch::zeros(Dyn(10), Const),
            command: "mnist --data '<&>'".to_owned(),
        };
        let page = report.page().unwrap();
        for text in [
            "<h1>&lt;Digits&gt; &amp; &quot;more&quot;</h1>",
            ">Affine&lt;784, OUT&gt;<",
            "'&lt;&amp;&gt;'",
            ">75.00 %<",
        ] {
            assert!(page.contains(text), "{text}");
        }
        assert_eq!((page.matches("<svg ").count(), page.matches("role=\"img\"").count()), (4, 4));
        let external = ["<script", "<link", "src=", "href=", "url(", "@import"];
        assert!(external.iter().all(|reference| !page.contains(reference)));
    }

    #[test]
    fn trying_a_path_changes_no_file() {
        let folder = env::temp_dir().join(format!("typenet-report-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("page.html");
        try_path(&path).unwrap();
        assert!(!path.exists());
        fs::write(&path, "old").unwrap();
        try_path(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        for place in [folder.clone(), folder.join("missing/page.html")] {
            let error = try_path(&place).unwrap_err().to_string();
            assert!(error.starts_with(&format!("cannot write `{}`: ", place.display())), "{error}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
