//! A training on one page of HTML, with nothing to be fetched from elsewhere.

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

/// How many misread digits are shown.
const MISREAD: usize = 12;
/// How wide a plot is drawn: on the screen of a telephone its letters are then as large as those of the text.
const WIDTH: u32 = 380;

/// What the page tells.
pub struct Report<'a> {
    /// Its headline.
    pub title: &'a str,
    /// The network's layers, shapes and parameters.
    pub summary: Summary,
    pub results: Results,
    pub history: &'a History,
    /// Where the images are from.
    pub data: String,
    pub test: &'a Digits,
    /// What the network says of the test data.
    pub confusion: ConfusionMatrix,
    pub probabilities: Batch<f32, Dyn, Const<10>>,
    /// What trains the same network again.
    pub command: String,
}

/// What a training has come to.
#[derive(Clone, Copy)]
pub struct Results {
    /// On the training and on the test data.
    pub scores: [Score; 2],
    pub seconds: f64,
    pub steps: usize,
}

/// Whether a page could be written there, before a training that it is to tell of.
pub fn try_place(path: &Path) -> Result<(), Box<dyn Error>> {
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
{results}<h2>The training</h2>
<div class="pair">
{loss}{accuracy}</div>
<h2>What is taken for what</h2>
<div class="pair">
{confusion}{classes}</div>
<div class="pair">
<section>
<h2>Most surely misread</h2>
{misread}</section>
<section>
<h2>The network</h2>
{layers}<h2>The same again</h2>
<pre>{command}</pre>
<p>{data}; typenet {version}. The same command on the same data gives the same numbers.</p>
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
            figure(&loss, "The loss of each step, and its mean.")?,
            figure(&accuracy, "The accuracy on the data that the network learns from, and on the test data.")?,
            figure(
                &confusion,
                "How often each label was taken for each answer. The darker a cell, the larger its part of the row.",
            )?,
            figure(&misread, "Below each: what it is, what it was taken for, and how sure the network was.")?,
        ])
    }
}

/// Colours with enough contrast; nothing is wider than the screen.
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

/// The text with what has a meaning in HTML replaced.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use typenet::data::digits;
    use typenet::{Batch, Labels};

    #[test]
    fn the_page_stands_alone_and_escapes_what_it_tells() {
        let (_, test) = digits::generate(1, 10, 1);
        let answers = Labels::zeros(Dyn(10));
        let report = Report {
            title: "<Digits> & \"more\"",
            summary: Summary { network: "Net<3>", inputs: 784, outputs: 10, layers: Vec::new(), loss: "Mine<1>" },
            results: Results { scores: [Score { loss: 0.5, accuracy: Some(0.75) }; 2], seconds: 1.5, steps: 600 },
            history: &History::default(),
            data: "Generated <digits>".to_owned(),
            test: &test,
            confusion: ConfusionMatrix::new(test.labels(), &answers),
            probabilities: Batch::zeros(Dyn(10), Const),
            command: "mnist --data '<&>'".to_owned(),
        };
        let page = report.page().unwrap();
        for text in
            ["<h1>&lt;Digits&gt; &amp; &quot;more&quot;</h1>", ">Mine&lt;1&gt;<", "'&lt;&amp;&gt;'", ">75.00 %<"]
        {
            assert!(page.contains(text), "{text}");
        }
        assert_eq!((page.matches("<svg ").count(), page.matches("role=\"img\"").count()), (4, 4));
        let elsewhere = ["<script", "<link", "src=", "href=", "url(", "@import"];
        assert!(elsewhere.iter().all(|reference| !page.contains(reference)));
    }

    #[test]
    fn a_place_that_is_tried_stays_as_it_was() {
        let folder = env::temp_dir().join(format!("typenet-report-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("page.html");
        try_place(&path).unwrap();
        assert!(!path.exists());
        fs::write(&path, "old").unwrap();
        try_place(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        for place in [folder.clone(), folder.join("missing/page.html")] {
            let error = try_place(&place).unwrap_err().to_string();
            assert!(error.starts_with(&format!("cannot write `{}`: ", place.display())), "{error}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
