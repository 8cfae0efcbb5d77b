//! The generated documentation of a network shows its summary and drawing.

#[allow(dead_code)] // each test uses only part of it
mod support;

use std::fs;
use std::path::Path;

/// Returns a page of the documentation, without tags and as HTML.
fn page(folder: &Path, network: &str) -> (String, String) {
    let page = fs::read_to_string(folder.join(format!("struct.{network}.html"))).expect("each network has a page");
    let text = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    (text, page)
}

#[test]
fn a_networks_page_shows_its_summary_and_its_drawing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = support::document("documentation", &root.join("tests/fixtures/documented.rs"));

    let (text, page_of_two) = page(&folder, "TwoLayerNet");
    assert!(text.contains("The book’s network."), "{text}");
    assert!(text.contains("39,760 parameters (159,040 bytes), 39,700 multiply-adds per sample."), "{text}");
    let picture = fs::read_to_string(root.join("docs/pictures/two-layer-net.svg")).expect("the picture is there");
    for line in picture.lines().skip(1) {
        assert!(page_of_two.contains(line), "{line} is not in {page_of_two}");
    }

    let (text, page_of_mixed) = page(&folder, "Mixed");
    let rest = "without those of softsign1, which summary() includes.";
    assert!(text.contains(&format!("9 parameters (36 bytes), 6 multiply-adds per sample, {rest}")), "{text}");
    assert!(page_of_mixed.contains(">Softsign</text>") && page_of_mixed.contains(">N x ?</text>"), "{page_of_mixed}");

    // The compiler displays expressions in types as written. This must not be the whole declaration.
    let (text, _) = page(&folder, "Squares");
    assert!(text.contains("as Infer&lt;T, Const&lt;SIDE&gt;&gt;&gt;::Out") && !text.contains("network!"), "{text}");

    let (text, page_of_sums) = page(&folder, "Sums");
    let parameters = "(SIDE + 1) * (SIDE | 3) + (SIDE | 3)";
    for shown in
        [parameters, &format!("4 * ({parameters})"), "(SIDE + 1) * (SIDE | 3)", "SIDE + 1\u{a0}→\u{a0}SIDE | 3"]
    {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
    assert!(page_of_sums.contains(">loop.weight</text>") && page_of_sums.contains(">(SIDE + 1) x (SIDE | 3)</text>"));

    let index = fs::read_to_string(folder.join("index.html")).expect("the crate has a page");
    assert!(index.contains("Mixed") && !index.contains("MixedCache") && !index.contains("Hidden"), "{index}");

    let (text, page_of_sized) = page(&folder, "Sized");
    assert!(text.contains("summary() shows the totals."), "{text}");
    assert!(page_of_sized.contains(">2 * HIDDEN + HIDDEN parameters</text>"), "{page_of_sized}");
}
