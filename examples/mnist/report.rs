//! A training on one page of HTML, with nothing to be fetched from elsewhere.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use typenet::data::mnist::Digits;
use typenet::metrics::{ConfusionMatrix, Score};
use typenet::nalgebra::{Const, Dyn};
use typenet::plot::{self, Plot};
use typenet::training::History;
use typenet::{Batch, Error};

/// How many misread digits are shown.
const MISREAD: usize = 12;

/// What the page tells.
pub struct Report<'a> {
    /// Its headline.
    pub title: &'a str,
    /// The network's layers, shapes and parameters, as text.
    pub summary: String,
    pub history: &'a History,
    pub test: &'a Digits,
    /// What the network says of the test data.
    pub confusion: &'a ConfusionMatrix,
    pub probabilities: &'a Batch<f32, Dyn, Const<10>>,
    pub seed: u64,
}

impl Report<'_> {
    /// Writes the page to a file.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let write = |page| fs::write(path, page).map_err(|problem| Error::Write { path: path.to_owned(), problem });
        write(self.page()?)
    }

    fn page(&self) -> Result<String, Error> {
        let loss = figure(&plot::loss(self.history).size(520, 390), "The loss of each step, and its mean.")?;
        let accuracy = "The accuracy on the data that the network learns from, and on the test data.";
        let accuracy = figure(&plot::accuracy(self.history).size(520, 390), accuracy)?;
        let confusion =
            "How often each label was taken for each answer. The darker a cell, the larger its part of the row.";
        let confusion = figure(&plot::confusion(self.confusion).size(520, 450), confusion)?;
        let misread = plot::misread(self.test, self.probabilities, MISREAD).size(520, 456);
        let misread = figure(&misread, "Below each: what it is, what it was taken for, and how sure the network was.")?;
        let [title, summary, command] = [self.title, &self.summary, &command()].map(escape);
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
<pre tabindex="0" role="region" aria-label="The network">{summary}</pre>
<h2>The same again</h2>
<pre tabindex="0" role="region" aria-label="Command line">{command}</pre>
<p>typenet {version}, seed {seed}. The same seed on the same data gives the same numbers.</p>
</section>
</div>
</main>
</body>
</html>
"#,
            results = results(self.history),
            classes = classes(self.confusion),
            version = env!("CARGO_PKG_VERSION"),
            seed = self.seed,
        ))
    }
}

/// Colours with enough contrast; what is too wide for the screen scrolls in a box of its own.
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
figcaption { font-size: .85rem; color: #555; max-width: 32rem; }
svg { display: block; max-width: 100%; height: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
.pair > * { min-width: 0; }
.wide, pre { overflow-x: auto; }
pre { padding: .8rem; background: #f3f6f8; border-radius: .4rem; font-size: .85rem; line-height: 1.4; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .5rem; text-align: left; font-size: .85rem; color: #555; }
th, td { padding: .3rem .5rem; text-align: right; border-bottom: 1px solid #e5e5e5; white-space: nowrap; }
";

fn figure(plot: &Plot, caption: &str) -> Result<String, Error> {
    Ok(format!("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", plot.to_svg()?, escape(caption)))
}

/// The figures that the training ended with.
fn results(history: &History) -> String {
    let mut list = String::from("<dl>\n");
    let mut entry = |name: &str, value: String| {
        let _ = writeln!(list, "<div><dt>{name}</dt><dd>{value}</dd></div>"); // a string takes all
    };
    if let Some(last) = history.evaluations.last() {
        for (data, score) in [("Training", last.train), ("Test", last.validation)] {
            let Some(Score { loss, accuracy }) = score else { continue };
            if let Some(accuracy) = accuracy {
                entry(&format!("{data} accuracy"), format!("{:.2} %", 100.0 * accuracy));
            }
            entry(&format!("{data} loss"), format!("{loss:.4}"));
        }
        entry("Time", format!("{:.1} s", last.seconds));
    }
    entry("Steps", history.steps.len().to_string());
    list + "</dl>\n"
}

/// Precision, recall and F1 of each class.
fn classes(confusion: &ConfusionMatrix) -> String {
    let mut table = String::from(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Precision, recall and F1\">\n<table>\n\
         <caption>Precision: of what was taken for it, the part that was right. \
         Recall: of what there is of it, the part that was found.</caption>\n<thead><tr><th scope=\"col\">class</th>\
         <th scope=\"col\">samples</th><th scope=\"col\">precision</th><th scope=\"col\">recall</th>\
         <th scope=\"col\">F1</th></tr></thead>\n<tbody>\n",
    );
    for class in 0..confusion.classes() {
        let samples: usize = (0..confusion.classes()).map(|answer| confusion.count(class, answer)).sum();
        let [precision, recall, f1] =
            [confusion.precision(class), confusion.recall(class), confusion.f1(class)].map(percent);
        let _ = writeln!(
            table,
            "<tr><th scope=\"row\">{class}</th><td>{samples}</td><td>{precision}</td><td>{recall}</td><td>{f1}</td></tr>"
        );
    }
    table + "</tbody>\n</table>\n</div>\n"
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", 100.0 * share))
}

/// The command that made this page, as it can be given to a shell.
fn command() -> String {
    let quoted = |argument: String| {
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./=,:+".contains(sign);
        let quote = argument.is_empty() || !argument.chars().all(plain);
        if quote { format!("'{}'", argument.replace('\'', r"'\''")) } else { argument }
    };
    let arguments = env::args_os().skip(1).map(|argument| quoted(argument.to_string_lossy().into_owned()));
    let command = ["cargo", "run", "--release", "--example", "mnist", "--"].map(str::to_owned);
    command.into_iter().chain(arguments).collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use typenet::data::digits;
    use typenet::{Labels, zeros};

    #[test]
    fn the_page_stands_alone_and_escapes_what_it_tells() {
        let (_, test) = digits::generate(1, 10, 1);
        let answers = Labels::zeros(Dyn(10));
        let report = Report {
            title: "<Digits> & \"more\"",
            summary: "Affine<784, 50>".to_owned(),
            history: &History::default(),
            test: &test,
            confusion: &ConfusionMatrix::new(test.labels(), &answers),
            probabilities: &zeros(Dyn(10), Const),
            seed: 7,
        };
        let page = report.page().unwrap();
        assert!(
            page.contains("<h1>&lt;Digits&gt; &amp; &quot;more&quot;</h1>") && page.contains(">Affine&lt;784, 50&gt;<")
        );
        assert_eq!((page.matches("<svg ").count(), page.matches("role=\"img\"").count()), (4, 4));
        let elsewhere = ["<script", "<link", "src=", "href=", "url(", "@import"];
        assert!(elsewhere.iter().all(|reference| !page.contains(reference)));
        assert!(page.contains("seed 7"));
    }
}
